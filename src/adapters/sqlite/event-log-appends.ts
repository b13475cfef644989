import { WrongExpectedRevision, type Appended } from '../../ports/event-log.ts';
import type { SealedCommit } from '../../domain/chain.ts';
import { closed, portError } from './event-log-errors.ts';
import type { InsertGroup, Outcomes } from './event-log-insert.ts';
import { encode, type Value } from './event-log-row.ts';
import type { Wake } from './event-log-wake.ts';

/** The one way into the log: groups what is appended and settles each append on its own. */
export interface Appends {
  append(commit: SealedCommit): Promise<Appended>;
  /** Finishes what was appended before and refuses what comes after. */
  close(): Promise<void>;
}

interface Pending {
  readonly stream: string;
  readonly revision: number;
  readonly row: Value[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

const settle = (group: readonly Pending[], outcomes: Outcomes): void => {
  group.forEach(({ stream, revision, resolve, reject }, index) => {
    const outcome = outcomes[index] as number;
    if (outcome > 0) resolve({ position: BigInt(outcome) });
    else reject(new WrongExpectedRevision(stream, revision - 1, -outcome - 1));
  });
};

/** What appends are written with. */
export interface AppendTarget {
  readonly file: string;
  readonly maxCommit: number;
  readonly insert: InsertGroup;
  readonly wake: Wake;
}

/** Opens the way into a log. */
export const openAppends = ({ file, maxCommit, insert, wake }: AppendTarget): Appends => {
  let queue: Pending[] = [];
  let shut = false;

  const flush = (): void => {
    const group = queue;
    queue = [];
    try {
      const outcomes = insert(group.flatMap(({ row }) => row));
      wake.announce();
      settle(group, outcomes);
    } catch (error) {
      for (const { reject } of group) reject(portError(file, error));
    }
  };

  return {
    append: (commit) =>
      new Promise((resolve, reject) => {
        if (shut) throw closed(file);
        const { stream, revision } = commit;
        queue.push({ stream, revision, row: encode(commit, maxCommit), resolve, reject });
        if (queue.length === 1) setImmediate(flush);
      }),
    async close() {
      shut = true;
      if (queue.length > 0) flush();
    },
  };
};
