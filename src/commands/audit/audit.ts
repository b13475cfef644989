import type { AuditEntry, AuditRefused } from '../../domain/audit/events.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Caller } from '../caller.ts';
import { stopping } from '../stopping.ts';
import { openAuditStream, type AuditStreamParts } from './audit-stream.ts';
import { entryKey, readEvent, timesOver, type Read } from './read.ts';

/** Milliseconds that what was noted waits for more at most. */
const PACE = 100;
/** As many as wait for no more. */
const ENOUGH = 50;
/** Milliseconds until what could not be stored is tried again. */
const AGAIN = 1_000;
/** Reads that wait to be stored at most. */
const MOST = 10_000;
/** Events of one commit: as many as every store takes in one append, however long their reasons are. */
const AT_ONCE = 200;

/** What `createAudit` needs. */
export interface AuditOptions extends AuditStreamParts {
  readonly logger: Logger;
  /** Reads that wait to be stored at most (default 10,000). */
  readonly most?: number;
}

/** Records who reads what. */
export interface Audit {
  /**
   * Takes note of a read, which is stored a tenth of a second later at most, and sooner when many wait. Throws `UNAVAILABLE` when so many wait that it could not be, and
   * once it is closed: what is not recorded is not to be read.
   */
  note(read: Read, caller: Caller): void;
  /** Stores a read, and resolves when it is durable. Rejects as `note` throws, and as the log does. */
  record(read: Read, caller: Caller): Promise<void>;
  /**
   * Takes note of a refusal, which is stored as soon. Answers whether it did: not when half of what may wait is waiting, which is
   * left to reads, nor once it is closed.
   */
  tell(refused: AuditRefused): boolean;
  /** Stores what was noted, and takes no more. */
  close(): Promise<void>;
}

const notKept = (): Rejection =>
  new Rejection(
    'UNAVAILABLE',
    'Expected a server that can record who reads what, but the log takes nothing: nothing was read.',
  );

/** Gathers reads in memory and appends them in the background, ten times a second at most unless many or somebody waits. */
export const createAudit = ({ logger, most = MOST, ...parts }: AuditOptions): Audit => {
  const stream = openAuditStream(parts);
  const { clock } = parts.world;
  const waiting = new Map<string, AuditEntry>();
  let timer: Timer | undefined;
  let storing: Promise<void> = Promise.resolve();
  let isClosed = false;
  /** How many stores are under way or wait for their turn, and whether the last one failed. */
  let stores = 0;
  let isFailing = false;

  /** Answers whether there was room for it. */
  const put = (entry: AuditEntry, room: number): boolean => {
    const key = entryKey(entry);
    const alike = waiting.get(key);
    if (alike === undefined && waiting.size >= room) return false;
    const { times } = entry.facts;
    waiting.set(key, alike === undefined ? entry : timesOver(alike, alike.facts.times + times));
    return true;
  };

  const putRead = (read: Read, caller: Caller): void => {
    if (isClosed) throw stopping('can record who reads what');
    if (!put(readEvent(read, caller, clock.now()), most)) throw notKept();
  };

  const storeAll = async (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // What comes meanwhile waits for its own time.
    for (let left = waiting.size; left > 0; left -= AT_ONCE) {
      const batch = [...waiting].slice(0, Math.min(left, AT_ONCE));
      // What is alike and comes meanwhile is another event: this one may be durable already.
      for (const [key] of batch) waiting.delete(key);
      try {
        await stream.append(batch.map(([, event]) => event));
      } catch (error) {
        // Whoever waits for one of these is told so, too.
        for (const [key, event] of batch) {
          const more = waiting.get(key)?.facts.times ?? 0;
          waiting.set(key, timesOver(event, event.facts.times + more));
        }
        throw error;
      }
    }
  };

  /** One after the other: a stream is written by one at a time. */
  const store = (): Promise<void> => {
    stores += 1;
    const mine = storing.then(storeAll);
    storing = mine
      .then(
        () => {
          isFailing = false;
        },
        (error: unknown) => {
          isFailing = true;
          logger.error({ err: error }, 'Who has read what could not be recorded: it is tried again.');
          if (!isClosed) storeSoon();
        },
      )
      .finally(() => {
        stores -= 1;
      });
    return mine;
  };

  const storeSoon = (): void => {
    // Its failure is told by `store`.
    const now = (): void => void store().catch(() => undefined);
    if (waiting.size >= ENOUGH && stores === 0 && !isFailing) now();
    else timer ??= clock.after(isFailing ? AGAIN : PACE, now);
  };

  return {
    note: (read, caller) => {
      putRead(read, caller);
      storeSoon();
    },
    record: async (read, caller) => {
      putRead(read, caller);
      await store();
    },
    tell: (refused) => {
      if (isClosed || !put(refused, most / 2)) return false;
      storeSoon();
      return true;
    },
    close: async () => {
      isClosed = true;
      await store().catch(() => undefined);
    },
  };
};
