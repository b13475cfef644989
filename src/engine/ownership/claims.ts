import { partitionOf } from '../../domain/partition/partition-of.ts';
import { shareOf } from '../../domain/partition/share.ts';
import type { LeaseTable } from './lease-table.ts';
import type { OwnLease } from './own-lease.ts';
import type { Tenure } from './tenure.ts';
import type { OwnershipOptions } from './types.ts';

/** What claims are made by. */
export interface ClaimsParts extends Pick<OwnershipOptions, 'self' | 'count'> {
  readonly table: LeaseTable;
  readonly tenure: Tenure;
  /** How many partitions the node holds. */
  readonly held: () => number;
  /** Whether it folds the views when it may. */
  readonly folds: () => boolean;
}

/** Claims what a node may take: the views if it folds any, and as many partitions as its share lacks when `serves`. */
export type Claim = (serves: boolean) => Promise<void>;

/** Claims for a node; what comes of it stands in the table. An outage of the log is remembered, not thrown. */
export const createClaims = ({ table, tenure, held, self, count, folds }: ClaimsParts): Claim => {
  const canTake = (lease: OwnLease): boolean => {
    const { holder } = lease.lease;
    return lease.isFree() && (holder === undefined || holder.node === self.node || tenure.calm);
  };

  /** Whether it would be taken from another node that seems to be gone. */
  const isTaken = (lease: OwnLease): boolean => {
    const { holder } = lease.lease;
    return !lease.isMine && canTake(lease) && holder !== undefined && holder.node !== self.node;
  };

  /** Nodes that look at the same time do not all want the same ones. */
  const inTurn = (): readonly OwnLease[] => {
    const first = partitionOf(self.boot, count);
    return [...table.partitions.slice(first), ...table.partitions.slice(0, first)];
  };

  return async (serves) => {
    // Whoever speaks after this was read finds by its own clock that its leases may be over, and asks for each.
    const wanted = [...(folds() ? [table.views] : []), ...(serves ? table.partitions : [])];
    if (wanted.some(isTaken)) {
      await tenure.tries(table.listen);
      if (tenure.troubled) return;
    }
    if (folds() && !table.views.isMine && canTake(table.views)) await tenure.ask(table.views, 'claim');
    if (!serves) return;
    const { claim: most } = shareOf(count, held(), table.others());
    if (most === 0) return;
    const free = inTurn()
      .filter((lease) => !lease.isMine && canTake(lease))
      .slice(0, most);
    await Promise.all(free.map((lease) => tenure.ask(lease, 'claim')));
  };
};
