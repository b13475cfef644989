import type { LeaseCommand } from '../../domain/partition/lease.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import type { OwnLease } from './own-lease.ts';

/** What is granted to this node, and how well it hears of the others. */
export interface Tenure {
  /** Asks the log for something; `undefined` when it is away: an outage is remembered, not thrown. */
  tries<T>(work: () => Promise<T>): Promise<T | undefined>;
  /** Asks for a lease; answers whether it was granted. */
  ask(lease: OwnLease, type: LeaseCommand['type']): Promise<boolean>;
  /** Says that this node is there, and so holds what it holds for longer. */
  speak(announce: () => Promise<boolean>): Promise<void>;
  /** Milliseconds until it is to speak; 0 when it is time. */
  dueIn(): number;
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
  let spokeAt = -Infinity;
  let troubledAt = -Infinity;
  let troubled = false;
  let turn = elapsed();

  const trouble = (): void => {
    troubled = true;
    troubledAt = elapsed();
  };

  const tries = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const at = elapsed();
    try {
      const done = await work();
      // The others may have waited as long.
      if (elapsed() - at >= lasts / 2) trouble();
      return done;
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      trouble();
      onOutage(error);
      return undefined;
    }
  };

  return {
    tries,
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
    dueIn: () => Math.max(0, spokeAt + every - elapsed()),
    speak: async (announce) => {
      const at = elapsed();
      if ((await tries(announce)) === true) spokeAt = at;
    },
    ask: async (lease, type) => (await tries(() => lease.wish(type))) !== undefined,
  };
};
