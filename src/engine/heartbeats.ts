import type { Json } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** Milliseconds between two records of progress where no time-out says how often there is news. */
const SELDOM = 10_000;

/** What heartbeats of an attempt are taken with. */
export interface HeartbeatsOptions {
  readonly clock: Clock;
  /** Milliseconds that may pass without one; `undefined` when that does not matter. */
  readonly limit: number | undefined;
  /** The most bytes of progress. */
  readonly maxPayload: number;
  /** Records progress. */
  readonly record: (progress: Json) => void;
  /** Told once when there was none for too long. */
  readonly late: (limit: number) => void;
}

/** The heartbeats of one attempt. */
export interface Heartbeats {
  /** Takes one. Throws a `TypeError` for progress that is no JSON or too large. */
  beat(progress?: unknown): void;
  /** Takes no more, and waits for none. */
  stop(): void;
}

/** Takes heartbeats from now on: progress is recorded at once, then the latest at most once in half the limit. */
export const takeHeartbeats = (options: HeartbeatsOptions): Heartbeats => {
  const { clock, limit, maxPayload, record, late } = options;
  let stopped = false;
  let watch: Timer | undefined;
  let pause: Timer | undefined;
  let news: { readonly progress: Json } | undefined;

  const stop = (): void => {
    stopped = true;
    watch?.cancel();
    pause?.cancel();
  };

  const watchAnew = (): void => {
    if (limit === undefined) return;
    watch?.cancel();
    watch = clock.after(limit, () => {
      stop();
      late(limit);
    });
  };

  const tell = (): void => {
    pause = undefined;
    if (stopped || news === undefined) return;
    const { progress } = news;
    news = undefined;
    pause = clock.after(limit === undefined ? SELDOM : Math.ceil(limit / 2), tell);
    record(progress);
  };

  watchAnew();
  return {
    stop,
    beat: (progress) => {
      if (stopped) return;
      watchAnew();
      if (progress === undefined) return;
      const payload = toPayload(progress, maxPayload, 'progress');
      if (!payload.ok) throw new TypeError(payload.message);
      news = { progress: payload.json };
      if (pause === undefined) tell();
    },
  };
};
