import { Worker } from 'node:worker_threads';
import type { Clock } from '../../ports/clock.ts';
import type { ThreadWatch } from '../../ports/threads.ts';
import type { Outcomes } from './event-log-insert.ts';
import type { Value } from './event-log-row.ts';
import { createRests } from './thread-rests.ts';

/** What the thread is started with. */
export interface WriterData {
  readonly file: string;
  readonly wake: SharedArrayBuffer;
  readonly busyTimeout: number;
}

/** Who looks after the thread: told when it has ended that was not to, and when one can take groups. */
export interface WriterWorld extends ThreadWatch {
  readonly clock: Pick<Clock, 'after'>;
}

/** What the thread says once it can take groups. */
export const READY = 'ready';

/** What the thread answers to a group: outcomes, or the error that nothing of it was written for. */
export type WriterAnswer = Outcomes | { readonly message: string; readonly errcode: number };

/** A thread that writes groups, one after the other, while this one goes on. */
export interface WriterThread {
  /** Whether it runs; the first call that finds it not running starts it. */
  ready(): boolean;
  write(rows: readonly Value[]): Promise<Outcomes>;
  close(): Promise<void>;
}

const URL_OF_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './event-log-writer.worker.ts' : './event-log-writer.worker.js',
  import.meta.url,
);

interface Waiting {
  readonly resolve: (outcomes: Outcomes) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A writer thread for a file that is open already. It is started when it is first wanted, and by itself after it died, later
 * each time that it does so before it has answered anything; at once for a group that cannot be written elsewhere.
 */
export const writerThread = (data: WriterData, { clock, ended, works }: WriterWorld): WriterThread => {
  let worker: Worker | undefined;
  let running = false;
  let isClosing = false;
  let waiting: Waiting[] = [];
  const rests = createRests(clock);

  const answered = (answer: WriterAnswer | typeof READY): void => {
    if (answer === READY) {
      running = true;
      works();
      return;
    }
    rests.over();
    const first = waiting.shift();
    if (Array.isArray(answer)) first?.resolve(answer);
    else first?.reject(Object.assign(new Error(answer.message), { errcode: answer.errcode }));
  };

  const start = (): Worker => {
    const started = new Worker(URL_OF_WORKER, { workerData: data });
    let cause: unknown;
    started.on('message', answered);
    started.on('error', (error) => (cause = error));
    started.on('exit', () => {
      worker = undefined;
      running = false;
      const left = waiting;
      waiting = [];
      for (const { reject } of left) reject(new Error('the writer thread ended', { cause }));
      if (isClosing) return;
      rests.begin(() => (worker ??= start()));
      ended(cause);
    });
    return started;
  };

  return {
    ready() {
      if (!rests.isResting) worker ??= start();
      return running;
    },
    write: (rows) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        waiting.push({ resolve, reject });
        worker.postMessage(rows);
      }),
    close: async () => {
      isClosing = true;
      rests.cancel();
      const ending = worker;
      if (ending === undefined) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.postMessage(null);
      });
    },
  };
};
