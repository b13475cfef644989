import { Worker } from 'node:worker_threads';
import type { Clock } from '../../ports/clock.ts';

/** What the thread is started with. */
export interface JournalData {
  readonly file: string;
}

/** Who looks after the thread. */
export interface JournalWorld {
  readonly clock: Pick<Clock, 'after'>;
  /** Told whenever it ends that was not to, with what ended it if that was an error. */
  readonly ended: (failure: unknown) => void;
}

/** What is written next to a file until it is copied into it. */
export interface Journal {
  /** Something was committed to it. */
  committed(): void;
  /** Resolves when nothing is copied any more. */
  close(): Promise<void>;
}

const URL_OF_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './read-models-journal.worker.ts' : './read-models-journal.worker.js',
  import.meta.url,
);

/** It is copied after so many commits: a page that was written several times is copied once. */
const COMMITS = 16;

const FIRST = 100;
const LONGEST = 5_000;

/**
 * Has a file's journal copied into it by a thread of its own, which waits for the disk so that whoever writes need not.
 * The thread is started when it is first wanted, and again after it ended, later each time that it does so before it has
 * copied anything.
 */
export const openJournal = (file: string, { clock, ended }: JournalWorld): Journal => {
  let worker: Worker | undefined;
  let isCopying = false;
  let isClosing = false;
  let commits = 0;
  let failures = 0;
  let rest: { cancel(): void } | undefined;

  const start = (): Worker => {
    const started = new Worker(URL_OF_WORKER, { workerData: { file } satisfies JournalData });
    let failure: unknown;
    started.on('message', () => {
      isCopying = false;
      failures = 0;
    });
    started.on('error', (error) => (failure = error));
    started.on('exit', () => {
      worker = undefined;
      isCopying = false;
      if (isClosing) return;
      // What is not copied meanwhile SQLite copies itself, once that is much.
      rest = clock.after(Math.min(FIRST * 2 ** failures, LONGEST), () => (rest = undefined));
      failures += 1;
      ended(failure);
    });
    return started;
  };

  return {
    committed() {
      commits += 1;
      if (isCopying || rest !== undefined || commits < COMMITS) return;
      worker ??= start();
      isCopying = true;
      commits = 0;
      worker.postMessage('copy');
    },
    async close() {
      isClosing = true;
      rest?.cancel();
      const ending = worker;
      if (ending === undefined) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.postMessage('end');
      });
    },
  };
};
