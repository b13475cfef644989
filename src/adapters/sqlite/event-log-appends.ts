import { WrongExpectedRevision, type Appended } from '../../ports/event-log.ts';
import type { SealedCommit } from '../../domain/chain.ts';
import { BUSY, sqliteCode } from './codes.ts';
import { closed, portError } from './event-log-errors.ts';
import type { InsertGroup, Outcomes } from './event-log-insert.ts';
import { characters, encode, type Value } from './event-log-row.ts';
import type { Wake } from './event-log-wake.ts';
import type { WriterThread } from './event-log-writer.ts';

/** The one way into the log: groups what is appended and settles each append on its own. */
export interface Appends {
  append(commit: SealedCommit): Promise<Appended>;
  /** Why the last group could not be written, until one is; a lock that somebody else held for a while does not count. */
  readonly failure: Error | undefined;
  /** Finishes what was appended before and refuses what comes after. */
  close(): Promise<void>;
}

/** What appends are written with. */
export interface AppendTarget {
  readonly file: string;
  readonly maxCommit: number;
  /** Writes in this thread. */
  readonly insert: InsertGroup;
  /** Writes in another. */
  readonly writer: WriterThread;
  readonly wake: Wake;
  /** Told when groups cannot be written any more, and when they can again (`undefined`). */
  readonly onState?: (failure: Error | undefined) => void;
}

interface Pending {
  readonly stream: string;
  readonly revision: number;
  readonly row: Value[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

// Larger groups make those who append march in step, and then nothing overlaps.
const MOST_APPENDS = 64;

// What a group may hold, in characters: its transaction has to fit into the memory.
const MOST_TEXT = 4_194_304;

// One is being written, one lies ready.
const MOST_GROUPS = 2;

// So few are written sooner here than there and back.
const FEW = 4;

const settle = (group: readonly Pending[], outcomes: Outcomes): void => {
  group.forEach(({ stream, revision, resolve, reject }, index) => {
    const outcome = outcomes[index] as number;
    if (outcome > 0) resolve({ position: BigInt(outcome) });
    else reject(new WrongExpectedRevision(stream, revision - 1, -outcome - 1));
  });
};

const rowsOf = (group: readonly Pending[]): Value[] => {
  const rows: Value[] = [];
  for (const { row } of group) for (const value of row) rows.push(value);
  return rows;
};

/** Opens the way into a log. */
export const openAppends = ({ file, maxCommit, insert, writer, wake, onState }: AppendTarget): Appends => {
  const queue: Pending[] = [];
  let appendsPosted = 0;
  let groupsPosted = 0;
  let scheduled = false;
  let shut: PromiseWithResolvers<void> | undefined;
  let failure: Error | undefined;

  const turn = (now: Error | undefined): void => {
    const changed = (failure === undefined) !== (now === undefined);
    failure = now;
    if (changed) onState?.(now);
  };

  const fail = (group: readonly Pending[], error: unknown): void => {
    if (sqliteCode(error) !== BUSY) turn(portError(file, error));
    for (const { reject } of group) reject(portError(file, error));
  };

  const written = (group: readonly Pending[], outcomes: Outcomes): void => {
    turn(undefined);
    settle(group, outcomes);
  };

  const take = (most: number): Pending[] => {
    let count = 0;
    let text = 0;
    while (count < most && count < queue.length && text < MOST_TEXT) {
      text += characters((queue[count] as Pending).row);
      count += 1;
    }
    return queue.splice(0, count);
  };

  const writeHere = (group: readonly Pending[]): void => {
    try {
      const outcomes = insert(rowsOf(group));
      wake.announce();
      written(group, outcomes);
    } catch (error) {
      // The other thread can wait for whoever holds the lock.
      if (sqliteCode(error) === BUSY) void writeThere(group);
      else fail(group, error);
    }
  };

  const writeThere = async (group: readonly Pending[]): Promise<void> => {
    groupsPosted += 1;
    appendsPosted += group.length;
    try {
      written(group, await writer.write(rowsOf(group)));
    } catch (error) {
      fail(group, error);
    }
    groupsPosted -= 1;
    appendsPosted -= group.length;
    wake.refresh();
    schedule();
  };

  const flush = (): void => {
    scheduled = false;
    // Two writers would have to wait for each other's locks, so this thread writes when the other does not.
    if (groupsPosted === 0 && (queue.length <= FEW || !writer.ready())) {
      if (queue.length > 0) writeHere(take(MOST_APPENDS));
    } else {
      const most = Math.min(MOST_APPENDS, Math.ceil((queue.length + appendsPosted) / 2));
      for (let free = MOST_GROUPS - groupsPosted; free > 0 && queue.length > 0; free -= 1) {
        void writeThere(take(most));
      }
    }
    if (groupsPosted === 0) {
      if (queue.length > 0) schedule();
      else shut?.resolve();
    }
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // What is written here must not keep everything else waiting; what is only posted need not wait.
    if (groupsPosted > 0) process.nextTick(flush);
    else setImmediate(flush);
  };

  return {
    get failure() {
      return failure;
    },
    append: (commit) =>
      new Promise((resolve, reject) => {
        if (shut !== undefined) throw closed(file);
        const { stream, revision } = commit;
        queue.push({ stream, revision, row: encode(commit, maxCommit), resolve, reject });
        schedule();
      }),
    async close() {
      shut = Promise.withResolvers();
      schedule();
      await shut.promise;
      await writer.close();
    },
  };
};
