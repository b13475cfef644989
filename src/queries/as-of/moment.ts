import type { RecordedEvent } from '../../domain/event.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { notYet, type AsOf, type LogMoment } from './as-of.ts';

/** A moment in the life of an execution. */
export interface Moment {
  /** The last event of its stream that had happened by then. */
  readonly revision: number;
  readonly position: bigint;
  /** Whether what stands in another stream had happened by then. */
  has(position: bigint, at: number): boolean;
}

type Log = Pick<EventLog, 'read' | 'head' | 'end'>;

const eventAt = async (log: Log, stream: string, revision: number): Promise<RecordedEvent | undefined> =>
  (await log.read(stream, { from: revision, limit: 1 }))[0];

/**
 * The last event of those that hold, of a stream whose first ones do. Looks at the same events however long the stream
 * has grown behind them, so that clocks that differ a little change no answer later.
 */
const lastThat = async (
  log: Log,
  stream: string,
  holds: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent | undefined> => {
  let found: RecordedEvent | undefined;
  const advance = async (by: number): Promise<boolean> => {
    const event = await eventAt(log, stream, (found?.revision ?? -1) + by);
    if (event === undefined || !holds(event)) return false;
    found = event;
    return true;
  };
  let by = 1;
  while (await advance(by)) by *= 2;
  for (by /= 2; by >= 1; by /= 2) await advance(by);
  return found;
};

const ofPosition = async (log: Log, stream: string, position: bigint): Promise<Moment | undefined> => {
  const end = await log.end();
  if (position > end) throw notYet('position', String(position), String(end));
  const last = await lastThat(log, stream, (event) => event.position <= position);
  return last && { revision: last.revision, position: last.position, has: (other) => other <= position };
};

const ofRevision = async (log: Log, stream: string, revision: number): Promise<Moment | undefined> => {
  const last = await eventAt(log, stream, revision);
  if (last !== undefined)
    return { revision, position: last.position, has: (position) => position <= last.position };
  const head = await log.head(stream);
  if (head === undefined) return undefined;
  throw notYet('revision', String(revision), String(head.revision));
};

const ofTime = async (log: Log, stream: string, at: number, now: number): Promise<Moment | undefined> => {
  if (at > now) throw notYet('at', new Date(at).toISOString(), new Date(now).toISOString());
  const last = await lastThat(log, stream, ({ commit }) => commit.metadata.at <= at);
  return last && { revision: last.revision, position: last.position, has: (_, then) => then <= at };
};

/** Where an execution was at a moment; `undefined` before its start. Rejects with `Rejection` (`AS_OF_AHEAD`), and as the log does. */
export const momentOf = (log: Log, clock: Clock, id: string, asOf: AsOf): Promise<Moment | undefined> => {
  const stream = streamOf('execution', id);
  switch (asOf.by) {
    case 'position':
      return ofPosition(log, stream, asOf.position);
    case 'revision':
      return ofRevision(log, stream, asOf.revision);
    case 'at':
      return ofTime(log, stream, asOf.at, clock.now());
    default:
      return asOf satisfies never;
  }
};

/** What a moment of an execution is called so that other executions can be looked at then: revisions are those of one stream. */
export const logMomentOf = (asOf: AsOf, { position }: Moment): LogMoment =>
  asOf.by === 'revision' ? { by: 'position', position } : asOf;
