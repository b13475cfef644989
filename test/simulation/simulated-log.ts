import type { SealedCommit } from '../../src/domain/chain.ts';
import type { CommitMetadata, RecordedEvent } from '../../src/domain/event.ts';
import { CommitTooLarge, LogUnavailable, START, WrongExpectedRevision } from '../../src/ports/event-log.ts';
import type { Appended, EventLog, ReadOptions } from '../../src/ports/event-log.ts';
import { followEvents, type Followed } from './simulated-subscription.ts';

/** A log in memory that keeps the whole contract of the port, and can be looked into. */
export interface SimulatedLog extends EventLog {
  /** Everything that was ever written to it, in log order: also what it has given up. */
  readonly events: readonly RecordedEvent[];
  /** What was ever written to a stream. */
  stream(name: string): readonly RecordedEvent[];
  /** What is read of a stream: at most `limit` events from a revision on, or from the first that was not given up. */
  readNow(stream: string, options?: ReadOptions): readonly RecordedEvent[];
  /** Gives up the events of a stream before a revision. */
  truncateNow(stream: string, before: number): void;
  /** Appends at once; throws what `append` rejects with. */
  appendNow(commit: SealedCommit): Appended;
  /** Told of each commit when it is durable. */
  onCommit(listener: (events: readonly RecordedEvent[]) => void): void;
  /** Told of what is given up, before it is. */
  onTruncation(listener: (events: readonly RecordedEvent[]) => void): void;
}

/** What a simulated log is made of. */
export interface SimulatedLogOptions {
  /** How far a position is from the one before it, 1 or more (default 1). */
  readonly step?: () => number;
  /** The most bytes of the payloads of a commit to a stream. */
  readonly largest?: (stream: string) => number;
  /** Asked at each truncation: whether subscriptions bring nothing more of all that was given up by then (default: no). */
  readonly sweeps?: () => boolean;
}

const frozen = <T extends object>(value: T): T => {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) frozen(part as object);
  }
  return Object.freeze(value);
};

/** The events of a commit as they are read, each frozen: who changes what was read is found out. */
const recordedOf = (commit: SealedCommit, positions: readonly bigint[]): readonly RecordedEvent[] => {
  const { stream, revision, events, previous, hash } = commit;
  const metadata = JSON.parse(commit.metadata) as CommitMetadata;
  const of = { metadata, revision, size: events.length, previous, hash };
  return events.map(({ id, type, facts, payload }, index) =>
    frozen<RecordedEvent>({
      position: positions[index] ?? START,
      stream,
      revision: revision + index,
      id,
      type,
      facts: JSON.parse(facts) as RecordedEvent['facts'],
      payload,
      commit: of,
    }),
  );
};

const checkLargest = ({ stream, events }: SealedCommit, largest: number): void => {
  if (largest === Infinity) return;
  const size = events.reduce((sum, { payload = '' }) => sum + Buffer.byteLength(payload), 0);
  if (size > largest) throw new CommitTooLarge(stream, size, largest);
};

/** The position of a commit that is there already, at the very place. */
const knownAt = (
  stream: readonly RecordedEvent[],
  { revision, events }: SealedCommit,
): bigint | undefined => {
  const there = stream.slice(revision, revision + events.length);
  const isSame =
    there.length === events.length &&
    there.every(
      ({ id, commit }, index) =>
        id === events[index]?.id && commit.revision === revision && commit.size === events.length,
    );
  return isSame ? there.at(-1)?.position : undefined;
};

/** An empty log. */
export const simulatedLog = ({
  step = () => 1,
  largest = () => Infinity,
  sweeps = () => false,
}: SimulatedLogOptions = {}): SimulatedLog => {
  const events: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const firsts = new Map<string, number>();
  const listeners: ((events: readonly RecordedEvent[]) => void)[] = [];
  const watchers: ((events: readonly RecordedEvent[]) => void)[] = [];
  let swept: ReadonlyMap<string, number> = new Map();
  const followed: Followed = {
    events,
    waiting: new Set(),
    closed: false,
    isGone: ({ stream, revision }) => revision < (swept.get(stream) ?? 0),
  };
  const streamOf = (name: string): RecordedEvent[] => streams.get(name) ?? [];

  const appendNow = (commit: SealedCommit): Appended => {
    const { stream: name, revision } = commit;
    const stream = streamOf(name);
    const known = knownAt(stream, commit);
    if (known !== undefined) return { position: known };
    if (revision !== stream.length) throw new WrongExpectedRevision(name, revision - 1, stream.length - 1);
    checkLargest(commit, largest(name));
    let last = events.at(-1)?.position ?? START;
    const recorded = recordedOf(
      commit,
      commit.events.map(() => (last += BigInt(step()))),
    );
    streams.set(name, [...stream, ...recorded]);
    events.push(...recorded);
    for (const listener of listeners) listener(recorded);
    for (const wake of followed.waiting) wake();
    return { position: last };
  };

  const open = (): void => {
    if (followed.closed) throw new LogUnavailable('Expected the log to be open, but it was closed.');
  };

  const readNow: SimulatedLog['readNow'] = (stream, { from = 0, limit = 1_000 } = {}) => {
    const first = Math.max(from, firsts.get(stream) ?? 0);
    return streamOf(stream).slice(first, first + limit);
  };

  const truncateNow = (stream: string, before: number): void => {
    const first = firsts.get(stream) ?? 0;
    const given = streamOf(stream).slice(first, before);
    if (given.length > 0) for (const watcher of watchers) watcher(given);
    firsts.set(stream, Math.max(before, first));
    if (sweeps()) swept = new Map(firsts);
  };

  return {
    events,
    stream: streamOf,
    appendNow,
    readNow,
    truncateNow,
    onCommit: (listener) => void listeners.push(listener),
    onTruncation: (listener) => void watchers.push(listener),
    append: async (commit) => {
      open();
      return appendNow(commit);
    },
    read: async (stream, options) => {
      open();
      return readNow(stream, options);
    },
    truncate: async (stream, before) => {
      open();
      truncateNow(stream, before);
    },
    head: async (stream) => {
      open();
      const last = streamOf(stream).at(-1);
      return last && { revision: last.revision, hash: last.commit.hash };
    },
    end: async () => {
      open();
      return events.at(-1)?.position ?? START;
    },
    subscribe: (options) => followEvents(followed, options),
    ping: async () => open(),
    close: async () => {
      followed.closed = true;
      for (const wake of followed.waiting) wake();
    },
  };
};
