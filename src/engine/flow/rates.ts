import type { RateLimit } from '../../domain/definition/gates.ts';
import { decideReservation, evolveBucket, FULL, takenAt, type Bucket } from '../../domain/flow/rate.ts';
import type { RateEvent } from '../../domain/flow/rate-events.ts';
import type { AttemptId } from '../../domain/flow/breaker-events.ts';
import { wait } from '../../ports/wait.ts';
import type { Entrance } from './limiters.ts';
import { shareStreams, type SharedParts } from './shared-streams.ts';

/** An attempt that wants a token. */
export interface AtRate extends AttemptId {
  readonly key: string;
  readonly workflow: string;
  readonly rate: RateLimit;
}

/** Limits of calls in a time, which all nodes share. */
export interface Rates {
  /**
   * Takes a token for an attempt, as soon as there is one for it; `queued` is told where it waits. Once the signal is aborted
   * it waits no more. Rejects with `LogUnavailable` once it is over.
   */
  enter(
    at: AtRate,
    signal: AbortSignal,
    queued: (position: number, of: number) => Promise<unknown>,
  ): Promise<Entrance>;
}

/** Buckets by what they limit. */
export const createRates = (parts: SharedParts): Rates => {
  const { clock } = parts.world;
  const streams = shareStreams<Bucket, RateEvent>(parts, {
    category: 'rate',
    types: ['rate.reserved'],
    initial: FULL,
    evolve: evolveBucket,
    startOf: ({ revision }) => revision,
  });

  return {
    enter: async (at, signal, queued) => {
      const { rate, key } = at;
      let startsAt = 0;
      const bucket = await streams.change(key, (before, now) => {
        const events = decideReservation(before, at, rate, now);
        ({ startsAt } = events[0].facts);
        return events;
      });
      const pause = startsAt - clock.now();
      if (pause > 0) {
        await queued(Math.ceil((pause * rate.limit) / rate.per), rate.limit);
        await wait(clock, pause, AbortSignal.any([signal, parts.over]));
      }
      if (signal.aborted || parts.over.aborted) return { kind: 'dropped' };
      return { kind: 'in', count: Math.min(rate.limit, takenAt(bucket, rate, clock.now())), of: rate.limit };
    },
  };
};
