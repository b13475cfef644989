import type { RecordedEvent } from '../domain/event.ts';
import { expand, isCondensed } from '../domain/truncation/condensed.ts';
import type { TruncationChosen, TruncationCondensed } from '../domain/truncation/events.ts';
import { condensedStream, TRUNCATIONS } from '../domain/truncation/streams.ts';
import type { EventLog, LogBatch, SubscribeOptions } from './event-log.ts';
import { readStream } from './read-stream.ts';
import { wantedBy } from './wanted-by.ts';

/** What of a log is needed to read all of it. */
export type ReadLog = Pick<EventLog, 'head' | 'read' | 'subscribe'>;

const BATCH = 512;

/** So many events that hold others in brief are read at a time: each holds a thousand. */
const FEW = 4;

/** A batch whose events are there in brief, and where these stood. */
interface Condensed {
  readonly batch: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Answers which batches were chosen by now. */
type Index = () => Promise<readonly Condensed[]>;

const createIndex = (log: Pick<EventLog, 'head' | 'read'>): Index => {
  const chosen: Condensed[] = [];
  let known = -1;
  let looking: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<readonly Condensed[]> => {
    const { revision = -1 } = (await log.head(TRUNCATIONS)) ?? {};
    while (known < revision) {
      const page = await log.read(TRUNCATIONS, { from: known + 1 });
      for (const { type, facts } of page) {
        if (type !== 'truncation.chosen') continue;
        const { batch, from, to } = facts as unknown as TruncationChosen['facts'];
        chosen.push({ batch, from: BigInt(from), to: BigInt(to) });
      }
      known = page.at(-1)?.revision ?? revision;
    }
    return chosen;
  };
  return () => {
    // A look that is under way may have begun too early for whoever asks now.
    const next = looking.then(look, look);
    looking = next;
    return next;
  };
};

const INDEXES = new WeakMap<object, Index>();

/** The index of a log, read once for all who read that. */
const indexOf = (log: Pick<EventLog, 'head' | 'read'>): Index => {
  const index = INDEXES.get(log) ?? createIndex(log);
  INDEXES.set(log, index);
  return index;
};

/** The events of a batch behind a position, in their order. */
async function* condensedIn(
  log: Pick<EventLog, 'read'>,
  batch: number,
  after: bigint,
): AsyncGenerator<RecordedEvent, undefined> {
  for await (const page of readStream(log, condensedStream(batch), undefined, FEW))
    for (const { facts, payload = '{}' } of page) {
      if (BigInt((facts as unknown as TruncationCondensed['facts']).to) <= after) continue;
      const { deflated } = JSON.parse(payload) as TruncationCondensed['payload'];
      for (const event of expand(deflated)) if (event.position > after) yield event;
    }
  return undefined;
}

/** A batch that is being read. */
interface Cursor {
  next: RecordedEvent | undefined;
  readonly events: AsyncGenerator<RecordedEvent, undefined>;
}

const advance = async (cursor: Cursor): Promise<Cursor> => {
  cursor.next = (await cursor.events.next()).value;
  return cursor;
};

const firstOf = (cursors: readonly Cursor[]): Cursor | undefined => {
  let first: Cursor | undefined;
  for (const cursor of cursors)
    if (
      cursor.next !== undefined &&
      (first?.next === undefined || cursor.next.position < first.next.position)
    )
      first = cursor;
  return first;
};

/** What a batch of the log has, and what stood there and is there in brief only, in their order. */
async function* mergedWith(
  cursors: readonly Cursor[],
  { events, position }: LogBatch,
): AsyncGenerator<RecordedEvent> {
  let index = 0;
  for (let first = firstOf(cursors); first?.next !== undefined; first = firstOf(cursors)) {
    const { next } = first;
    if (next.position > position) break;
    for (let event = events[index]; event !== undefined && event.position <= next.position;) {
      // A store may still show what was given up: it counts as what it will be.
      if (event.position < next.position) yield event;
      index += 1;
      event = events[index];
    }
    yield next;
    await advance(first);
  }
  yield* events.slice(index);
}

/**
 * The log as if no stream had ever been truncated: what was given up comes where it stood, in brief (`isCondensed`), and
 * a batch that has such events says so. For whoever `isWaitedFor` before anything is removed, that is looked for until
 * the log was read to its end once. Rejects as the log does.
 */
export async function* subscribeWhole(
  log: ReadLog,
  options: SubscribeOptions,
  isWaitedFor = false,
): AsyncGenerator<LogBatch, undefined> {
  const { filter = {}, batch: most = BATCH } = options;
  const wants = wantedBy(filter);
  const index = indexOf(log);
  const cursors = new Map<number, Cursor>();
  let after = options.after;
  let isLooking = true;
  for await (const batch of log.subscribe(options)) {
    // Behind the batch: what was given up before it was read was chosen before that.
    const chosen = isLooking ? await index() : [];
    isLooking &&= !(isWaitedFor && batch.caughtUp);
    for (const { batch: number, from, to } of chosen) {
      if (to <= after) cursors.delete(number);
      else if (from <= batch.position && !cursors.has(number))
        cursors.set(number, await advance({ next: undefined, events: condensedIn(log, number, after) }));
    }
    after = batch.position;
    if (cursors.size === 0) {
      yield batch;
      continue;
    }
    let events: RecordedEvent[] = [];
    const inBrief = (): Pick<LogBatch, 'inBrief'> => (events.some(isCondensed) ? { inBrief: true } : {});
    for await (const event of mergedWith([...cursors.values()], batch)) {
      if (isCondensed(event) && !wants(event)) continue;
      const last = events.at(-1);
      if (events.length >= most && last !== undefined) {
        yield { events, position: last.position, caughtUp: false, ...inBrief() };
        events = [];
      }
      events.push(event);
    }
    yield { events, position: batch.position, caughtUp: batch.caughtUp, ...inBrief() };
  }
  return undefined;
}
