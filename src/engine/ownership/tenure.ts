import type { LeaseCommand } from '../../domain/partition/lease.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import type { OwnLease } from './own-lease.ts';

/** What is granted to this node, and how well it hears of the others. */
export interface Tenure {
  /** Asks for a lease; answers whether it was granted. An outage is remembered, not thrown. */
  ask(lease: OwnLease, type: LeaseCommand['type']): Promise<boolean>;
  /** Position of the last grant of a lease. */
  positionOf(lease: OwnLease): bigint;
  /** Milliseconds until a lease is to be renewed; 0 when it is time, or when it may be over. */
  dueIn(lease: OwnLease): number;
  /** Begins a turn: who slept longer than a lease lasts has heard nothing for so long. */
  begin(): void;
  /** Whether something went wrong since the turn began. */
  readonly troubled: boolean;
  /**
   * Whether the log has answered for as long as a lease lasts. Otherwise the others could not renew either, and
   * what seems to be over is only waiting for the log.
   */
  readonly calm: boolean;
}

/** What tenure goes by. Times in ms. */
export interface TenureOptions {
  readonly lasts: number;
  readonly every: number;
  readonly elapsed: () => number;
  readonly onOutage: (error: LogUnavailable) => void;
}

/** A tenure that begins calm: what is over at the start was over before. */
export const createTenure = ({ lasts, every, elapsed, onOutage }: TenureOptions): Tenure => {
  const grants = new Map<OwnLease, { readonly at: number; readonly position: bigint }>();
  let troubledAt = -Infinity;
  let troubled = false;
  let turn = elapsed();

  const trouble = (): void => {
    troubled = true;
    troubledAt = elapsed();
  };

  return {
    get troubled() {
      return troubled;
    },
    get calm() {
      return elapsed() - troubledAt >= lasts;
    },
    begin: () => {
      troubled = false;
      const now = elapsed();
      if (now - turn >= lasts) troubledAt = now;
      turn = now;
    },
    positionOf: (lease) => grants.get(lease)?.position ?? 0n,
    dueIn: (lease) => {
      const granted = grants.get(lease);
      if (granted === undefined || !lease.holds()) return 0;
      return Math.max(0, granted.at + every - elapsed());
    },
    ask: async (lease, type) => {
      const at = elapsed();
      try {
        const position = await lease.wish(type);
        // The others may have waited as long.
        if (elapsed() - at >= lasts / 2) trouble();
        if (position === undefined) return false;
        grants.set(lease, { at, position });
        return true;
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error;
        trouble();
        onOutage(error);
        return false;
      }
    },
  };
};
