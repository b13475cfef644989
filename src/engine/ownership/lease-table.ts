import type { RecordedEvent } from '../../domain/event.ts';
import { NO_STREAM, headAfter, seal, type StreamHead } from '../../domain/chain.ts';
import type { NodeAnnounced } from '../../domain/partition/events.ts';
import { partitionOf } from '../../domain/partition/partition-of.ts';
import { current } from '../../domain/registry.ts';
import { entityOf, streamOf } from '../../domain/stream.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import type { NodeStatus } from '../../ports/nodes.ts';
import { createOwnLease, type LeaseParts, type OwnLease } from './own-lease.ts';

const NODES = 'nodes';
const VIEWS = 'views';
/** Announcements that are read at the start; there is one a node that waits for its first partition. */
const LATEST = 64;

/** What all nodes say of themselves, kept up by the log. */
export interface LeaseTable {
  readonly partitions: readonly OwnLease[];
  /** The lease of who folds the views. */
  readonly views: OwnLease;
  of(executionId: string): OwnLease;
  /** Reads how everything stands. Rejects as the log does. */
  load(): Promise<void>;
  observe(event: RecordedEvent): void;
  /** How many partitions each of the other nodes holds that are alive. */
  others(): readonly number[];
  /** Says that this node is there; harmless when another spoke at the same time. Rejects as the log does. */
  announce(): Promise<void>;
  nodes(): readonly NodeStatus[];
}

/** A table of leases that nothing is known of yet. */
export const createLeaseTable = (parts: LeaseParts): LeaseTable => {
  const { log, world, self, count, lasts } = parts;
  const partitions = Array.from({ length: count }, (_, n) => createOwnLease(parts, String(n)));
  const views = createOwnLease(parts, VIEWS);
  const leases = new Map([...partitions, views].map((lease) => [lease.name, lease]));
  const announced = new Map<string, number>();
  const stream = streamOf('partition', NODES);
  let head: StreamHead = NO_STREAM;

  const hear = (recorded: RecordedEvent): void => {
    const { facts, revision, commit } = current(recorded);
    const { node, until } = facts as NodeAnnounced['facts'];
    if (revision > head.revision) head = { revision, hash: commit.hash };
    announced.set(node, Math.max(until, announced.get(node) ?? 0));
  };

  const loadAnnounced = async (): Promise<void> => {
    const end = await log.head(stream);
    if (end === undefined) return;
    for (const event of await log.read(stream, { from: Math.max(0, end.revision - LATEST) })) hear(event);
  };

  const alive = (): ReadonlySet<string> => {
    const now = world.clock.now();
    const names = new Set([self.node]);
    for (const { lease } of leases.values())
      if (lease.holder !== undefined && lease.until > now) names.add(lease.holder.node);
    for (const [node, until] of announced) {
      if (until > now) names.add(node);
      else announced.delete(node);
    }
    return names;
  };

  const heldBy = (node: string): readonly OwnLease[] => {
    const now = world.clock.now();
    return partitions.filter(({ lease }) => lease.holder?.node === node && lease.until > now);
  };

  return {
    partitions,
    views,
    of: (executionId) => {
      const lease = partitions[partitionOf(executionId, count)];
      if (lease === undefined) throw new RangeError(`Expected partitions, but there are ${count}.`);
      return lease;
    },
    load: async () => {
      await Promise.all([...[...leases.values()].map((lease) => lease.load()), loadAnnounced()]);
    },
    observe: (event) => {
      const entity = entityOf(event.stream);
      if (entity === NODES) hear(event);
      else leases.get(entity)?.observe(event);
    },
    others: () => [...alive()].filter((node) => node !== self.node).map((node) => heldBy(node).length),
    announce: async () => {
      const now = world.clock.now();
      const event: NodeAnnounced = { type: 'node.announced', facts: { ...self, until: now + lasts } };
      const commit = seal(stream, head, [event], parts.envelopes.open(NODES, undefined, 'default', now));
      try {
        await log.append(commit);
        if (head.revision < commit.revision) head = headAfter(commit);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        await loadAnnounced();
      }
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
