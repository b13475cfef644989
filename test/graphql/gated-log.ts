import type { EventLog, LogBatch } from '../../src/ports/event-log.ts';

/** What a subscription waits for. */
export interface Gates {
  /** Before it reads anything. */
  beforeReading?: Promise<void>;
  /** Before it hands on what it has read. */
  beforeHandingOn?: Promise<void>;
}

/** A log whose subscriptions can be held. */
export interface GatedLog extends EventLog {
  /** Those of the subscriptions, in the order in which they are made. */
  readonly gates: readonly Gates[];
  /** Resolves once the subscription of this number, from 0, has read something. */
  hasRead(subscription: number): Promise<void>;
}

/** A real log of which so many subscriptions can be held. */
export const gatedLog = (log: EventLog, many: number): GatedLog => {
  const all = Array.from({ length: many }, () => ({
    gates: {} as Gates,
    read: Promise.withResolvers<void>(),
  }));
  let made = 0;

  const gated = async function* (options: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<LogBatch> {
    const own = all[made++];
    await own?.gates.beforeReading;
    for await (const batch of log.subscribe(options)) {
      own?.read.resolve();
      await own?.gates.beforeHandingOn;
      yield batch;
    }
  };

  return {
    ...log,
    subscribe: gated,
    gates: all.map(({ gates }) => gates),
    hasRead: (subscription) =>
      all[subscription]?.read.promise ?? Promise.reject(new RangeError('No such gates.')),
  };
};
