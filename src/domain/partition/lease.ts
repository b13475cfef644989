import type { Holder, LeaseEvent } from './events.ts';

/** Who may work on a partition, and for how long. */
export interface Lease {
  /** `undefined` while nobody holds it. */
  readonly holder: Holder | undefined;
  readonly epoch: number;
  /** When it ends, ms since the Unix epoch. */
  readonly until: number;
}

/** A lease before its first event. */
export const UNCLAIMED: Lease = Object.freeze({ holder: undefined, epoch: 0, until: 0 });

/** The lease after an event. Each says all there is to know, so the last one alone is enough. */
export const evolveLease = (_lease: Lease, { type, facts }: LeaseEvent): Lease => {
  const { node, boot, epoch } = facts;
  switch (type) {
    case 'partition.claimed':
    case 'partition.renewed':
      return { holder: { node, boot }, epoch, until: facts.until };
    case 'partition.released':
      return { holder: undefined, epoch, until: 0 };
    default:
      return type satisfies never;
  }
};

/** What a node wants of a partition. */
export interface LeaseCommand {
  readonly type: 'claim' | 'renew' | 'release';
  readonly partition: string;
  readonly count: number;
  readonly by: Holder;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** How long the lease is to last, ms. */
  readonly lasts: number;
}

/** Whether a lease is this process's, be it over or not. */
export const isHeldBy = ({ holder }: Lease, { node, boot }: Holder): boolean =>
  holder?.node === node && holder.boot === boot;

/** Whether a node may take a lease now: nobody has it, it is over, or it is of an earlier process of the same node. */
export const isFree = ({ holder, until }: Lease, by: Holder, now: number): boolean =>
  holder === undefined || until <= now || (holder.node === by.node && holder.boot < by.boot);

/**
 * Decides what a node's wish comes to; nothing when it is refused: the lease is somebody else's.
 * Who holds it already renews it, also when it is over and nobody has taken it.
 */
export const decideLease = (
  lease: Lease,
  { type, partition, count, by, now, lasts }: LeaseCommand,
): readonly LeaseEvent[] => {
  const { node, boot } = by;
  const facts = { partition, count, node, boot, epoch: lease.epoch };
  const until = now + lasts;
  if (isHeldBy(lease, by)) {
    return type === 'release'
      ? [{ type: 'partition.released', facts }]
      : [{ type: 'partition.renewed', facts: { ...facts, until } }];
  }
  if (type !== 'claim' || !isFree(lease, by, now)) return [];
  return [{ type: 'partition.claimed', facts: { ...facts, epoch: lease.epoch + 1, until } }];
};
