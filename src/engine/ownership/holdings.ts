import type { HandOver } from './hand-over.ts';
import type { LeaseTable } from './lease-table.ts';
import type { OwnLease } from './own-lease.ts';
import type { OwnershipOptions, PartitionWork } from './types.ts';

/** What holdings are told and tell by. */
export interface HoldingsParts extends Pick<OwnershipOptions, 'self' | 'logger'> {
  readonly table: LeaseTable;
  readonly drains: HandOver;
  /** Who works on partitions; nobody yet when `undefined`. */
  readonly work: () => PartitionWork | undefined;
}

/** What a node knows that it holds: whoever works on it is told when it comes and when it goes. */
export interface Holdings {
  /** The partitions, in the order in which they came. */
  readonly partitions: ReadonlyMap<number, OwnLease>;
  /** Another process runs as this node; this one takes nothing more. */
  readonly superseded: boolean;
  /** Tells what is not this node's any more; at once, whoever brought the news. */
  settleLosses(): void;
  /** Tells what has become this node's. */
  settleGains(): void;
  /** Resolves once it is sure whether a lease is this node's. */
  whenSure(lease: OwnLease): Promise<boolean>;
  /** Calls back when the lease of the views comes (true) or goes. */
  onViews(listener: (held: boolean) => void): void;
  /** Tells those who still wait that nothing is this node's. */
  end(): void;
}

/** Nothing is held yet. */
export const createHoldings = ({ table, drains, work, self, logger }: HoldingsParts): Holdings => {
  const mine = new Map<number, OwnLease>();
  const waiting = new Map<OwnLease, PromiseWithResolvers<boolean>>();
  let viewsAreMine = false;
  let tellViews: (held: boolean) => void = () => undefined;
  let superseded = false;

  const lose = (partition: number, lease: OwnLease): void => {
    mine.delete(partition);
    drains.end(partition);
    const { holder } = lease.lease;
    if (holder !== undefined) logger.warn({ partition, to: holder.node }, 'A partition was taken over.');
    if (holder?.node === self.node && holder.boot > self.boot && !superseded) {
      superseded = true;
      logger.error({ node: self.node }, 'Another process runs as this node; this one takes nothing more.');
    }
    work()?.lost(partition);
  };

  return {
    partitions: mine,
    get superseded() {
      return superseded;
    },
    settleLosses: () => {
      for (const [partition, lease] of mine) if (!lease.isMine) lose(partition, lease);
      if (viewsAreMine && !table.views.isMine) {
        viewsAreMine = false;
        tellViews(false);
      }
      for (const [lease, waiter] of waiting) {
        if (lease.isMine && !lease.holds()) continue;
        waiting.delete(lease);
        waiter.resolve(lease.isMine);
      }
    },
    settleGains: () => {
      if (!viewsAreMine && table.views.holds()) {
        viewsAreMine = true;
        tellViews(true);
      }
      const gained: number[] = [];
      for (const [partition, lease] of table.partitions.entries()) {
        if (mine.has(partition) || !lease.holds()) continue;
        mine.set(partition, lease);
        gained.push(partition);
      }
      if (gained.length === 0) return;
      logger.info({ node: self.node, partitions: gained }, 'Took partitions.');
      work()?.gained(gained);
    },
    whenSure: (lease) => {
      const waiter = waiting.get(lease) ?? Promise.withResolvers<boolean>();
      waiting.set(lease, waiter);
      return waiter.promise;
    },
    onViews: (listener) => {
      tellViews = listener;
      if (viewsAreMine) listener(true);
    },
    end: () => {
      for (const { resolve } of waiting.values()) resolve(false);
    },
  };
};
