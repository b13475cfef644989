import type { DomainEvent } from '../event.ts';

/** Who holds a lease: a node, and which of its processes, since one that was restarted is another one. */
export interface Holder {
  readonly node: string;
  /** A UUIDv7 made at the start of the process: a later start has a greater one, also when the clock was set back. */
  readonly boot: string;
}

interface OfPartition extends Holder {
  /** A number from 0, or the name of something else that only one node does. */
  readonly partition: string;
  /** How many partitions there are; all nodes have to agree. */
  readonly count: number;
  /** Counts the claims of the partition, from 1. */
  readonly epoch: number;
}

/** When it ends unless more is said, ms since the Unix epoch. */
interface Until {
  readonly until: number;
}

/** A process takes a partition that nobody holds, or whose lease has run out. */
export type PartitionClaimed = DomainEvent<'partition.claimed', OfPartition & Until, undefined>;
/** Whoever holds the partition goes on to. */
export type PartitionRenewed = DomainEvent<'partition.renewed', OfPartition & Until, undefined>;
/** Whoever held the partition holds it no longer. */
export type PartitionReleased = DomainEvent<'partition.released', OfPartition, undefined>;
/**
 * A process says that it is there until then: whatever it holds lasts at least as long. Others make room for it meanwhile.
 * One that leaves says the time at which it does.
 */
export type NodeAnnounced = DomainEvent<'node.announced', Holder & Until, undefined>;

/** What happens to a lease. */
export type LeaseEvent = PartitionClaimed | PartitionRenewed | PartitionReleased;

/** Everything in the category of partitions. */
export type PartitionEvent = LeaseEvent | NodeAnnounced;
