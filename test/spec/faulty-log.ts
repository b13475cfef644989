import { LogUnavailable, type EventLog } from '../../src/ports/event-log.ts';

/** What a call meets: the log is away before it is carried out, or before it answers. */
export type Outage = 'before' | 'after';

/** A log that can be away. */
export interface FaultyLog extends EventLog {
  /** How the next calls of a method go wrong, one entry a call; then they go well again. */
  fail(method: 'append' | 'read', ...outages: readonly Outage[]): void;
  /** Forgets the faults that no call has met. */
  heal(): void;
  /** Faults that calls have met so far. */
  readonly met: number;
}

/** A real log whose appends and reads fail when they are told to. */
export const faultyLog = (log: EventLog): FaultyLog => {
  const planned: Record<'append' | 'read', Outage[]> = { append: [], read: [] };
  let met = 0;
  const meet = async <T>(method: 'append' | 'read', call: () => Promise<T>): Promise<T> => {
    const outage = planned[method].shift();
    if (outage === undefined) return call();
    met += 1;
    if (outage === 'after') await call();
    throw new LogUnavailable(`The log is away ${outage} it carries out the call.`);
  };
  return {
    ...log,
    append: (commit) => meet('append', () => log.append(commit)),
    read: (stream, options) => meet('read', () => log.read(stream, options)),
    fail: (method, ...outages) => planned[method].push(...outages),
    heal: () => {
      planned.append.length = 0;
      planned.read.length = 0;
    },
    get met() {
      return met;
    },
  };
};
