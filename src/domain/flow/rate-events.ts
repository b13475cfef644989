import type { DomainEvent } from '../event.ts';
import type { AttemptId } from './breaker-events.ts';

/**
 * An attempt may be made at `startsAt`, and not before (ms since the Unix epoch). `fullUntil` is when all that was let
 * through counts no more; it says all there is to know.
 */
export type RateReserved = DomainEvent<
  'rate.reserved',
  AttemptId & {
    /** What is limited: an activity, with the hash of what its limit is for where there is one for each. */
    readonly key: string;
    readonly workflow: string;
    readonly startsAt: number;
    readonly fullUntil: number;
  },
  undefined
>;

/** What happens to a limit of calls in a time. */
export type RateEvent = RateReserved;
