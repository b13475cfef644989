import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { EventLog, LogBatch } from '../ports/event-log.ts';
import type { ReadModels } from '../ports/read-models.ts';

const waiting = new AsyncLocalStorage<AbortSignal>();

/** Carries something out for somebody who waits for it until the signal says so. */
export const forAsLongAs = <T>(signal: AbortSignal, run: () => T): T => waiting.run(signal, run);

/** What a read is answered by when nobody waits for it. */
const refusal = (): Promise<never> | undefined => {
  const signal = waiting.getStore();
  return signal?.aborted === true ? Promise.reject(signal.reason as Error) : undefined;
};

const stillWaiting = (): void => waiting.getStore()?.throwIfAborted();

async function* whileWaiting(batches: AsyncIterable<LogBatch>): AsyncGenerator<LogBatch, void> {
  for await (const batch of batches) {
    // To end here would be to say that the log does.
    stillWaiting();
    yield batch;
  }
}

/**
 * The same log, of which nothing more is read for somebody who waits no longer: reading on then rejects with the reason of
 * their signal. What is read for nobody in particular goes on as ever.
 */
export const readWhileWaiting = (log: EventLog): EventLog => ({
  append: (commit) => log.append(commit),
  read: async (stream, options) => {
    stillWaiting();
    return log.read(stream, options);
  },
  head: (stream) => log.head(stream),
  truncate: (stream, before) => log.truncate(stream, before),
  end: () => log.end(),
  subscribe: (options) => {
    const batches = log.subscribe(options);
    return waiting.getStore() === undefined ? batches : whileWaiting(batches);
  },
  ping: () => log.ping(),
  close: () => log.close(),
});

/**
 * The same views, of which nothing more is read for somebody who waits no longer: what reads page
 * after page ends between two of them. A read that is under way ends by itself.
 */
export const viewsWhileWaiting = (readModels: ReadModels): ReadModels => ({
  ...readModels,
  load: (...asked) => refusal() ?? readModels.load(...asked),
  find: async (collection, query) => {
    // A store may answer at once: whose time is up, and whoever else waits, would not have a turn until the last page.
    if (query.after !== undefined) await setImmediate();
    return refusal() ?? readModels.find(collection, query);
  },
  findEach: async (collection, queries) => {
    if (queries.some(({ after }) => after !== undefined)) await setImmediate();
    return refusal() ?? readModels.findEach(collection, queries);
  },
});
