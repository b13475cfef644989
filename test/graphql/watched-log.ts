import type { EventFilter, EventLog, LogBatch, SubscribeOptions } from '../../src/ports/event-log.ts';

/** A log whose subscriptions are seen. */
export interface WatchedLog extends EventLog {
  /** What every subscription so far was to have. */
  readonly subscriptions: readonly (EventFilter | undefined)[];
  /** Subscriptions that are under way. */
  readonly open: number;
  /** Events that subscriptions gave and that somebody still holds. */
  readonly held: number;
}

/** A real log that is watched. */
export const watchedLog = (log: EventLog): WatchedLog => {
  const subscriptions: (EventFilter | undefined)[] = [];
  const given: WeakRef<object>[] = [];
  let open = 0;

  const watched = async function* (options: SubscribeOptions): AsyncGenerator<LogBatch, void> {
    subscriptions.push(options.filter);
    open += 1;
    try {
      for await (const batch of log.subscribe(options)) {
        given.push(...batch.events.map((event) => new WeakRef(event)));
        yield batch;
      }
    } finally {
      open -= 1;
    }
  };

  return {
    ...log,
    subscribe: watched,
    subscriptions,
    get open() {
      return open;
    },
    get held() {
      return given.filter((event) => event.deref() !== undefined).length;
    },
  };
};
