import type { RecordedEvent } from '../../domain/event.ts';
import { partitionOf } from '../../domain/partition/partition-of.ts';
import { entityOf } from '../../domain/stream.ts';
import type { NodeStatus } from '../../ports/nodes.ts';
import { createOwnLease, sureFrom, type LeaseParts, type OwnLease } from './own-lease.ts';
import { createVoices, NODES } from './voices.ts';

const VIEWS = 'views';

/** What all nodes say of themselves, kept up by the log. */
export interface LeaseTable {
  readonly partitions: readonly OwnLease[];
  /** The lease of who folds the views. */
  readonly views: OwnLease;
  /** Those of the partitions, and that of the views. */
  readonly leases: readonly OwnLease[];
  of(executionId: string): OwnLease;
  /** Reads how everything stands. Rejects as the log does. */
  load(): Promise<void>;
  observe(event: RecordedEvent): void;
  /** How many partitions each of the other nodes holds that are alive. */
  others(): readonly number[];
  /** Reads what nodes have said since it was heard last. Rejects as the log does. */
  listen(): Promise<void>;
  /**
   * Says that this node is there, so that what it certainly holds is its own for as long again. Answers whether that
   * is said; others may speak at the same time. Rejects as the log does.
   */
  announce(): Promise<boolean>;
  /** Says that this node is gone, if it ever said that it is there. Rejects as the log does. */
  takeLeave(): Promise<boolean>;
  nodes(): readonly NodeStatus[];
}

/** A table of leases that nothing is known of yet. */
export const createLeaseTable = (parts: LeaseParts): LeaseTable => {
  const { world, self, count, lasts } = parts;
  const voices = createVoices(parts);
  const lease = (name: string): OwnLease => createOwnLease(parts, name, voices.saidBy);
  const partitions = Array.from({ length: count }, (_, n) => lease(String(n)));
  const views = lease(VIEWS);
  const leases = [...partitions, views];
  const byName = new Map(leases.map((one) => [one.name, one]));

  const alive = (): ReadonlySet<string> => {
    const now = world.clock.now();
    const names = new Set([self.node, ...voices.heard()]);
    for (const { lease } of leases)
      if (lease.holder !== undefined && lease.until > now) names.add(lease.holder.node);
    return names;
  };

  const heldBy = (node: string): readonly OwnLease[] => {
    const now = world.clock.now();
    return partitions.filter(({ lease }) => lease.holder?.node === node && lease.until > now);
  };

  return {
    partitions,
    views,
    leases,
    of: (executionId) => {
      const lease = partitions[partitionOf(executionId, count)];
      if (lease === undefined) throw new RangeError(`Expected partitions, but there are ${count}.`);
      return lease;
    },
    load: async () => {
      await Promise.all([...leases.map((lease) => lease.load()), voices.listen()]);
    },
    observe: (event) => {
      const entity = entityOf(event.stream);
      if (entity === NODES) voices.hear(event);
      else byName.get(entity)?.observe(event);
    },
    others: () => [...alive()].filter((node) => node !== self.node).map((node) => heldBy(node).length),
    listen: voices.listen,
    announce: async () => {
      const sure = sureFrom(parts);
      const isSaid = await voices.say(world.clock.now() + lasts);
      // A lease that was over before this was certain may have been found to be over by others, too.
      if (isSaid) for (const lease of leases) lease.extend(sure);
      return isSaid;
    },
    takeLeave: async () => {
      const say = () => voices.say(world.clock.now());
      // Another may have spoken at the same time; hardly twice.
      return !voices.hasSpoken || (await say()) || say();
    },
    nodes: () =>
      [...alive()].sort().map((name) => {
        const held = heldBy(name);
        const folds = views.lease.holder?.node === name && views.lease.until > world.clock.now();
        const ends = [...held, ...(folds ? [views] : [])].map(({ lease }) => lease.until);
        return {
          name,
          self: name === self.node,
          partitions: held.map((lease) => Number(lease.name)),
          folds,
          leaseUntil: ends.length === 0 ? undefined : Math.min(...ends),
        };
      }),
  };
};
