import { setImmediate } from 'node:timers/promises';
import type { SealedCommit } from '../../domain/chain.ts';
import { LogCorrupt, LogUnavailable, type EventLog, type SubscribeOptions } from '../../ports/event-log.ts';
import { openAppends, type Appends } from './event-log-appends.ts';
import { closed, portError } from './event-log-errors.ts';
import { prepareInsert } from './event-log-insert.ts';
import { fileOf, openToRead, openToWrite, type OpenFile } from './event-log-open.ts';
import { prepareHead, prepareRead } from './event-log-read.ts';
import { prepareEnd, scanLog, scanStream, type Scan } from './event-log-scan.ts';
import { follow } from './event-log-subscription.ts';
import { prepareTruncate, type TruncateSome } from './event-log-truncate.ts';
import { writerThread, type WriterWorld } from './event-log-writer.ts';
import { openWake, sharedWake, type Wake } from './event-log-wake.ts';

/** Opens the log of this process. */
export interface WriterOptions {
  /** A folder, or a file that ends in `.db`; made when it is not there. */
  readonly path: string;
  readonly mode?: 'writer';
  /** The most bytes of one commit (default 64 MiB). */
  readonly maxCommit?: number;
  /** Milliseconds that appends wait while another program holds the file's lock (default 2,000). */
  readonly busyTimeout?: number;
  /** Told when nothing can be written any more (such as without room on the disk), and when it can again (`undefined`). */
  readonly onState?: (failure: Error | undefined) => void;
  /** Looks after the thread that writes most of what is appended at once; nobody unless given. */
  readonly writer?: WriterWorld;
}

/** Opens a log for reading in another thread than the one that writes. */
export interface ReaderOptions {
  readonly path: string;
  readonly mode: 'reader';
  /** The writing log's `wake`. */
  readonly wake: SharedArrayBuffer;
}

/** The embedded log. */
export interface SqliteLog extends EventLog {
  /** Hand it to readers in other threads, so that their subscriptions wake. */
  readonly wake: SharedArrayBuffer;
  /** Closes it without a trace, for one that is refused after all. */
  leave(): Promise<void>;
}

const MAX_COMMIT = 67_108_864;
const BUSY_TIMEOUT = 2_000;
const BATCH = 512;

/** For whoever has no server to say it in: appends tell all the same what went wrong with them. */
const UNWATCHED: WriterWorld = {
  clock: {
    after: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  ended: () => undefined,
  works: () => undefined,
};

const onlyReads = (file: string, stream: string): LogUnavailable =>
  new LogUnavailable(
    `Expected ${stream} to be written to by the log that writes ${file}, but this one only reads.`,
  );

const readOnly = (file: string): Appends => ({
  append: (commit: SealedCommit) => Promise.reject(onlyReads(file, commit.stream)),
  failure: undefined,
  close: () => Promise.resolve(),
});

const scanner =
  ({ database, file }: OpenFile) =>
  ({ after, filter = {}, batch = BATCH, withoutPayloads = false }: SubscribeOptions): Scan => {
    try {
      const from = Number(after);
      const end = prepareEnd(database)();
      if (from > end) {
        throw new LogCorrupt(
          `Expected the log ${file} to reach position ${after}, but it ends at ${end}: it is not the log that this position is of, or it has lost its end. Restore it from a backup, or rebuild what was read from it.`,
        );
      }
      const scan =
        filter.stream === undefined
          ? scanLog(database, from, filter, batch, withoutPayloads)
          : scanStream(database, filter.stream, from, filter, batch);
      return () => {
        try {
          return scan();
        } catch (error) {
          throw portError(file, error);
        }
      };
    } catch (error) {
      throw portError(file, error);
    }
  };

const logOn = (
  opened: OpenFile,
  wake: Wake,
  shared: SharedArrayBuffer,
  appends: Appends,
  truncate: TruncateSome,
): SqliteLog => {
  const { database, file } = opened;
  const read = prepareRead(database);
  const head = prepareHead(database);
  const end = prepareEnd(database);
  const ended = new AbortController();
  let closing: Promise<void> | undefined;

  const answer = async <T>(question: () => T): Promise<T> => {
    if (!database.isOpen) throw closed(file);
    try {
      return question();
    } catch (error) {
      throw portError(file, error);
    }
  };

  const shut = async (letGo: () => void): Promise<void> => {
    await appends.close();
    ended.abort();
    wake.close();
    letGo();
  };

  return {
    wake: shared,
    append: (commit) => appends.append(commit),
    read: (stream, options = {}) => answer(() => read(stream, options)),
    head: (stream) => answer(() => head(stream)),
    truncate: async (stream, before) => {
      for (let from: number | undefined = 0; from !== undefined;) {
        const next: number = from;
        from = await answer(() => truncate(stream, before, next));
        await setImmediate();
      }
    },
    end: () => answer(() => BigInt(end())),
    subscribe: (options) => follow({ wake, scan: scanner(opened) }, options, ended.signal),
    ping: () =>
      answer(() => {
        if (appends.failure !== undefined) throw appends.failure;
        end();
      }),
    close() {
      closing ??= shut(opened.close);
      return closing;
    },
    leave() {
      closing ??= shut(opened.leave);
      return closing;
    },
  };
};

/**
 * Opens the log in a file of its own. One process writes it, others are refused with `LogInUse`.
 * Rejects with `LogCorrupt` for a file that cannot be a log that was written whole.
 */
export const openSqliteLog = async (options: WriterOptions | ReaderOptions): Promise<SqliteLog> => {
  const file = fileOf(options.path);
  if (options.mode === 'reader') {
    const refuse = (stream: string): never => {
      throw onlyReads(file, stream);
    };
    return logOn(openToRead(file), openWake(options.wake, true), options.wake, readOnly(file), refuse);
  }
  const opened = openToWrite(file);
  const shared = sharedWake();
  const wake = openWake(shared, false);
  const insert = prepareInsert(opened.database);
  const { busyTimeout = BUSY_TIMEOUT, writer: world = UNWATCHED } = options;
  const writer = writerThread({ file, wake: shared, busyTimeout }, world);
  const appends = openAppends({
    file,
    maxCommit: options.maxCommit ?? MAX_COMMIT,
    insert,
    writer,
    wake,
    ...(options.onState === undefined ? {} : { onState: options.onState }),
  });
  return logOn(opened, wake, shared, appends, prepareTruncate(opened.database));
};
