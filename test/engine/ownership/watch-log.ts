import { setImmediate as turn } from 'node:timers/promises';
import type { EventLog, LogBatch, SubscribeOptions } from '../../../src/ports/event-log.ts';

/** A log, and when nobody does anything with it any more. */
export interface WatchedLog {
  readonly log: EventLog;
  /** Resolves when no call is under way, and who follows the log has processed all of it. */
  settled(): Promise<void>;
}

/** Turns of the machine without a call, until whoever got an answer has asked what it had to ask next. */
const QUIET = 5;

/** Watches what is done with a log, so that a clock that is driven by hand waits for it. */
export const watchLog = (log: EventLog): WatchedLog => {
  let underWay = 0;
  const followed = new Map<symbol, bigint>();

  const watch = async <T>(call: Promise<T>): Promise<T> => {
    underWay += 1;
    try {
      return await call;
    } finally {
      underWay -= 1;
    }
  };

  async function* follow(options: SubscribeOptions): AsyncGenerator<LogBatch> {
    const key = Symbol('follower');
    followed.set(key, options.after);
    try {
      for await (const batch of log.subscribe(options)) {
        yield batch;
        // Whoever asks for the next one has processed this one.
        followed.set(key, batch.position);
      }
    } finally {
      followed.delete(key);
    }
  }

  return {
    log: {
      ...log,
      append: (commit) => watch(log.append(commit)),
      read: (stream, options) => watch(log.read(stream, options)),
      head: (stream) => watch(log.head(stream)),
      end: () => watch(log.end()),
      subscribe: follow,
    },
    settled: async () => {
      for (let quiet = 0; quiet < QUIET; quiet += 1) {
        await turn();
        const end = await log.end();
        if (underWay > 0 || [...followed.values()].some((position) => position < end)) quiet = 0;
      }
    },
  };
};
