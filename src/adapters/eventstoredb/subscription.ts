import type { RecordedEvent } from '../../domain/event.ts';
import type { LogBatch, SubscribeOptions } from '../../ports/event-log.ts';
import { wantedBy } from '../../ports/wanted-by.ts';
import type { LogSource } from './log-source.ts';
import type { Live } from './live.ts';
import type { Tap } from './tap.ts';

const BATCH = 512;

/** Where a subscription gets its events. */
export interface Sources {
  /** Reads the log behind a position. */
  readonly log: LogSource;
  readonly live: Live;
}

async function* batches(
  options: SubscribeOptions,
  sources: Sources,
  stop: AbortSignal,
): AsyncGenerator<LogBatch> {
  const { batch = BATCH, filter = {} } = options;
  const wants = wantedBy(filter);
  let position = options.after;
  let toldCaughtUp = false;

  const cut = function* (
    found: readonly RecordedEvent[],
    upTo: bigint,
    caughtUp: boolean,
  ): Generator<LogBatch> {
    if (found.length === 0 && upTo <= position && toldCaughtUp === caughtUp) return;
    for (let from = 0; from === 0 || from < found.length; from += batch) {
      const events = found.slice(from, from + batch);
      const last = from + batch >= found.length;
      position = last ? upTo : (events.at(-1)?.position ?? position);
      toldCaughtUp = last && caughtUp;
      yield { events, position, caughtUp: toldCaughtUp };
    }
  };

  const readUpTo = async function* (end: () => bigint | undefined): AsyncGenerator<LogBatch> {
    for (;;) {
      const page = await sources.log.after(position, batch, stop);
      if (!page) return;
      yield* cut(page.events.filter(wants), page.position, page.atEnd);
      const target = end();
      if (target === undefined ? page.atEnd : position >= target) return;
    }
  };

  const followLive = async function* (tap: Tap): AsyncGenerator<LogBatch> {
    while (!stop.aborted && !tap.overflowed()) {
      const run = tap.take(position, batch);
      if (run) yield* cut(run.events, run.position, tap.empty());
      else await tap.changed(stop);
    }
  };

  while (!stop.aborted) {
    yield* readUpTo(() => undefined);
    const tap = sources.live.join(position, wants);
    try {
      // What was published before the tap was there is read from the log; what comes after it waits in the tap.
      if (position < tap.since) yield* readUpTo(() => (tap.overflowed() ? position : tap.since));
      yield* followLive(tap);
    } finally {
      tap.leave();
    }
  }
}

/** All events after a position, then live. Ends with its signal, also while a `next()` waits. */
export const createSubscription = (
  options: SubscribeOptions,
  sources: Sources,
  closed: AbortSignal,
): AsyncIterableIterator<LogBatch> => {
  const left = new AbortController();
  const stop = AbortSignal.any([options.signal, closed, left.signal]);
  const inner = batches(options, sources, stop);
  const done = { done: true, value: undefined } as const;

  const end = async (): Promise<void> => {
    left.abort();
    await inner.return(undefined);
  };
  // A consumer that stops calling next() still lets go of the live log.
  const stopped = (): void => void inner.return(undefined);
  if (stop.aborted) stopped();
  else stop.addEventListener('abort', stopped, { once: true });

  const iterator: AsyncIterableIterator<LogBatch> = {
    next: async () => {
      const result = await inner.next();
      return stop.aborted ? done : result;
    },
    return: async () => {
      await end();
      return done;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
};
