import { Worker } from 'node:worker_threads';
import type { Clock } from '../../ports/clock.ts';
import type { ThreadWatch } from '../../ports/threads.ts';
import { createRests } from './thread-rests.ts';

/** What the thread is started with. */
export interface JournalData {
  readonly file: string;
}

/** Who looks after the thread: told when it has ended that was not to, and when one has copied something. */
export interface JournalWorld extends ThreadWatch {
  readonly clock: Pick<Clock, 'after'>;
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

/**
 * Has a file's journal copied into it by a thread of its own, which waits for the disk so that whoever writes need not.
 * The thread is started when it is first wanted, and by itself after it ended, later each time that it does so before it has
 * copied anything.
 */
export const openJournal = (file: string, { clock, ended, works }: JournalWorld): Journal => {
  let worker: Worker | undefined;
  let isCopying = false;
  let isClosing = false;
  let commits = 0;
  const rests = createRests(clock);

  const start = (): Worker => {
    const started = new Worker(URL_OF_WORKER, { workerData: { file } satisfies JournalData });
    let failure: unknown;
    started.on('message', () => {
      isCopying = false;
      rests.over();
      works();
    });
    started.on('error', (error) => (failure = error));
    started.on('exit', () => {
      worker = undefined;
      isCopying = false;
      if (isClosing) return;
      // What is not copied meanwhile SQLite copies itself, once that is much.
      rests.begin(copy);
      ended(failure);
    });
    return started;
  };

  const copy = (): void => {
    worker ??= start();
    isCopying = true;
    commits = 0;
    worker.postMessage('copy');
  };

  return {
    committed() {
      commits += 1;
      if (isCopying || rests.isResting || commits < COMMITS) return;
      copy();
    },
    async close() {
      isClosing = true;
      rests.cancel();
      const ending = worker;
      if (ending === undefined) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.postMessage('end');
      });
    },
  };
};
