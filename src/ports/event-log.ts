import type { SealedCommit, StreamHead } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { Shard } from '../domain/shard.ts';
import type { Category } from '../domain/stream.ts';

/** Before the first event of the log. */
export const START = 0n;

/** What a successful append answers. */
export interface Appended {
  /** Position of the commit's last event. */
  readonly position: bigint;
}

/** Which events a subscription wants; a field left out wants all. */
export interface EventFilter {
  readonly categories?: readonly Category[];
  readonly types?: readonly string[];
  readonly stream?: string;
  /** Of the streams of executions those of this shard, beside all other streams. */
  readonly shard?: Shard;
}

/** How to subscribe. */
export interface SubscribeOptions {
  /** Strictly after this position; `START` for everything. */
  readonly after: bigint;
  readonly filter?: EventFilter;
  /** Ends the iteration: `next()` then resolves with `done`, also while it waits. */
  readonly signal: AbortSignal;
  /** The most events in one batch (default 512). */
  readonly batch?: number;
  /** Nobody will look at a payload: events may come without, which is faster (default false). */
  readonly withoutPayloads?: boolean;
}

/** A run of events in log order. */
export interface LogBatch {
  /** May be empty: then the batch only says how far the log was looked through, or that it is caught up. */
  readonly events: readonly RecordedEvent[];
  /** Everything up to here was looked at; safe to resume after once the events are processed. */
  readonly position: bigint;
  /** True when the log had nothing more behind this batch at the time that it was read. */
  readonly caughtUp: boolean;
  /** Some of the events are there in brief only (`isCondensed`): never in what a log itself brings. */
  readonly inBrief?: true;
}

/** How to read a stream. */
export interface ReadOptions {
  /** First revision wanted (default 0). */
  readonly from?: number;
  /** The most events (default 1,000). */
  readonly limit?: number;
}

/**
 * The log of everything that happened. Every adapter passes `test/conformance/event-log.conformance.ts`.
 *
 * Any method may reject with `LogUnavailable`; after it nothing is known of the outcome, and the same
 * call may be made again: an append that was written after all answers as it would have then.
 */
export interface EventLog {
  /**
   * Appends a commit, all or nothing, and resolves when it is durable.
   * The same commit again at the same place succeeds with the original position.
   * Rejects with `WrongExpectedRevision` when the stream does not end just before the commit,
   * with `CommitTooLarge` when the store cannot take it.
   */
  append(commit: SealedCommit): Promise<Appended>;

  /** Events of a stream in order, from the first that it still has; empty when it has none at or after `from`. */
  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]>;

  /** Where a stream ends; `undefined` when it has no event. */
  head(stream: string): Promise<StreamHead | undefined>;

  /**
   * Gives up the events of a stream before the revision `before`, which a commit begins at, and resolves when that is
   * durable: `read` begins there from now on, and a subscription may bring them or not. Positions, the head, and what an
   * append answers stay as they were. Again, or before an earlier revision, it changes nothing. Cut off, it may have given
   * up the first of them only.
   */
  truncate(stream: string, before: number): Promise<void>;

  /** Position of the log's last event; `START` when it is empty. */
  end(): Promise<bigint>;

  /**
   * All events after a position, in log order, none left out, none twice, then live as they are appended.
   * Outages are waited out and resumed from the last batch taken; it rejects only for a corrupt log.
   * The pull is the back-pressure: nothing is read far ahead of the consumer.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<LogBatch>;

  /** Resolves when the log answers; rejects with `LogUnavailable` when it does not. */
  ping(): Promise<void>;

  /** Finishes what is under way and lets go of files, threads and sockets. */
  close(): Promise<void>;
}

/** The stream does not end where the append expected it to. */
export class WrongExpectedRevision extends Error {
  readonly code = 'WRONG_EXPECTED_REVISION';
  readonly stream: string;
  readonly expected: number;
  /** Revision of the stream's last event; -1 when it has none. */
  readonly actual: number;

  constructor(stream: string, expected: number, actual: number) {
    super(`Expected ${stream} to end at revision ${expected}, but it ends at ${actual}.`);
    this.name = 'WrongExpectedRevision';
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The log does not answer; the call may be repeated. */
export class LogUnavailable extends Error {
  readonly code = 'LOG_UNAVAILABLE';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogUnavailable';
  }
}

/** The store refuses a commit of this size. */
export class CommitTooLarge extends Error {
  readonly code = 'COMMIT_TOO_LARGE';
  /** The most bytes that the store takes, by its own way of counting. */
  readonly limit: number;

  constructor(stream: string, size: number, limit: number) {
    super(`Expected a commit to ${stream} of at most ${limit} bytes, but it has ${size}.`);
    this.name = 'CommitTooLarge';
    this.limit = limit;
  }
}

/** What is stored cannot be what was written. */
export class LogCorrupt extends Error {
  readonly code = 'LOG_CORRUPT';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogCorrupt';
  }
}
