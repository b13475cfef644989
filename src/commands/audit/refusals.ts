import type { AuditRefused, RefusalCode, Wanted } from '../../domain/audit/events.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Caller } from '../caller.ts';
import type { Audit } from './audit.ts';
import { askedBy, entryKey, timesOver } from './read.ts';

/** Milliseconds within which tries that are alike are one event, after the first. */
const WITHIN = 60_000;
/** Different tries of the last minute that are kept apart at most. */
const MOST = 1_000;
/** Characters of a target that are kept: it is what somebody says who may not. */
const LONGEST = 200;

/** Something that somebody may not. */
export interface Attempt {
  readonly wanted: Wanted;
  /** The field or the route. */
  readonly operation: string;
  /** What it would have been done to, or read of; empty for everything. */
  readonly target: string;
  readonly workflow?: string | undefined;
  readonly code: RefusalCode;
}

/** Records who was refused what, so that nobody can fill the log by trying again. */
export interface Refusals {
  /**
   * Takes note of a refusal of somebody who is known, in the background: the first one of its kind at once, what follows within a
   * minute as one. Never throws: what there is no room for is not recorded.
   */
  note(attempt: Attempt, caller: Caller): void;
  /** Hands on what was gathered, and takes no more. */
  close(): void;
}

/** What `createRefusals` needs. */
export interface RefusalsOptions {
  readonly audit: Pick<Audit, 'tell'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Different tries of the last minute that are kept apart at most (default 1,000). */
  readonly most?: number;
}

/** What has been tried within a minute after it was last recorded. */
interface Tried {
  again: AuditRefused | undefined;
  timer: Timer;
}

const refusedEvent = ({ wanted, code, ...asked }: Attempt, caller: Caller, at: number): AuditRefused => {
  const { facts, payload } = askedBy({ ...asked, target: asked.target.slice(0, LONGEST) }, caller, at);
  return { type: 'audit.refused', facts: { wanted, code, ...facts }, payload };
};

/** Gathers refusals: of one caller, operation and code one event a minute. */
export const createRefusals = ({ audit, clock, logger, most = MOST }: RefusalsOptions): Refusals => {
  const tried = new Map<string, Tried>();
  let quietUntil = 0;
  let isClosed = false;

  const tell = (event: AuditRefused): void => {
    if (!audit.tell(event)) lose();
  };

  const lose = (): void => {
    const now = clock.now();
    if (now < quietUntil) return;
    quietUntil = now + WITHIN;
    logger.warn({}, 'Too much is refused at once, or the log takes nothing: not all of it is recorded.');
  };

  const watch = (key: string): Timer =>
    clock.after(WITHIN, () => {
      const found = tried.get(key);
      if (found?.again === undefined) {
        tried.delete(key);
        return;
      }
      tell(found.again);
      found.again = undefined;
      found.timer = watch(key);
    });

  return {
    note: (attempt, caller) => {
      // Who is nobody in particular could be asked for nothing.
      if (isClosed || caller.actor.via === 'none') return;
      const event = refusedEvent(attempt, caller, clock.now());
      const key = entryKey(event);
      const found = tried.get(key);
      if (found !== undefined) {
        const { again } = found;
        found.again = again === undefined ? event : timesOver(again, again.facts.times + 1);
        return;
      }
      if (tried.size >= most) {
        lose();
        return;
      }
      tell(event);
      tried.set(key, { again: undefined, timer: watch(key) });
    },
    close: () => {
      isClosed = true;
      for (const { again, timer } of tried.values()) {
        timer.cancel();
        if (again !== undefined) tell(again);
      }
      tried.clear();
    },
  };
};
