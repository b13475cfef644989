import { Worker } from 'node:worker_threads';

/** What the thread is started with. */
export interface JournalData {
  readonly file: string;
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
 * The thread is started when it is first wanted, and again after it died.
 */
export const openJournal = (file: string): Journal => {
  let worker: Worker | undefined;
  let isCopying = false;
  let commits = 0;

  const start = (): Worker => {
    const started = new Worker(URL_OF_WORKER, { workerData: { file } satisfies JournalData });
    started.on('message', () => (isCopying = false));
    // What it could not copy SQLite copies itself, once that is much.
    started.on('error', () => undefined);
    started.on('exit', () => {
      worker = undefined;
      isCopying = false;
    });
    return started;
  };

  return {
    committed() {
      commits += 1;
      if (isCopying || commits < COMMITS) return;
      worker ??= start();
      isCopying = true;
      commits = 0;
      worker.postMessage('copy');
    },
    async close() {
      const ending = worker;
      if (ending === undefined) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.postMessage('end');
      });
    },
  };
};
