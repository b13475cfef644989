import type { Bell } from './bell.ts';
import { systemEvent, type ProposedEvent, type StoredEvent } from './event.ts';
import { openLogFile, type WrittenAppend } from './log-file.ts';

/** Every event ever written, in memory, and in a file if it was given one. */
export interface Log {
  /** Every event, in log order. */
  readonly all: readonly StoredEvent[];
  /** A stream's events, hidden ones too; empty when it has none. */
  stream(name: string): readonly StoredEvent[];
  /** Revision of the stream's last event; -1 when it has none. */
  last(name: string): number;
  /** The event with this id that was written last. */
  byId(id: string): StoredEvent | undefined;
  /** Index in `all` of the first event at or after the position. */
  seek(position: bigint): number;
  /** Position behind the last event. */
  readonly end: number;
  /** Writes without any check, all or nothing, and answers the last event. Expects one event at least. */
  write(stream: string, events: readonly ProposedEvent[]): StoredEvent;
  /** A node that becomes leader starts an epoch and says so in the log. */
  startEpoch(): void;
  close(): void;
}

/** What a record takes in the log besides its data, metadata, stream and type. */
const RECORD_OVERHEAD = 100;
const NO_EVENTS: readonly StoredEvent[] = [];

const ticks = (): bigint => {
  const milliseconds = performance.timeOrigin + performance.now();
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 10_000n + BigInt(Math.floor((milliseconds - whole) * 10_000));
};

/** A log with what the file holds; the bell rings when events are written. */
export const openLog = (bell: Bell, path?: string): Log => {
  const all: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const ids = new Map<string, StoredEvent>();
  let end = RECORD_OVERHEAD;

  const keep = ({ stream, created, events }: WrittenAppend): void => {
    const own = streams.get(stream) ?? [];
    streams.set(stream, own);
    for (const [index, event] of events.entries()) {
      const stored = {
        ...event,
        stream,
        revision: own.length,
        position: end,
        created: created[index] ?? 0n,
      };
      end += RECORD_OVERHEAD + stream.length + event.type.length + event.data.length + event.metadata.length;
      all.push(stored);
      own.push(stored);
      ids.set(event.id, stored);
    }
  };

  const opened = path === undefined ? undefined : openLogFile(path);
  for (const append of opened?.appends ?? []) keep(append);

  const write = (stream: string, events: readonly ProposedEvent[]): StoredEvent => {
    const append = { stream, created: events.map(ticks), events };
    opened?.file.write(append);
    keep(append);
    bell.ring();
    const last = all.at(-1);
    if (!last) throw new Error(`Expected an append to ${stream} of at least one event, but it has none.`);
    return last;
  };

  return {
    all,
    stream: (name) => streams.get(name) ?? NO_EVENTS,
    last: (name) => (streams.get(name)?.length ?? 0) - 1,
    byId: (id) => ids.get(id),
    seek(position) {
      let low = 0;
      let high = all.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const event = all[middle];
        if (event && BigInt(event.position) < position) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    get end() {
      return end;
    },
    write,
    startEpoch() {
      const number = streams.get('$epoch-information')?.length ?? 0;
      write('$epoch-information', [
        systemEvent(
          '$epoch-information',
          JSON.stringify({ epochNumber: number, leaderInstanceId: crypto.randomUUID() }),
        ),
      ]);
    },
    close: () => opened?.file.close(),
  };
};
