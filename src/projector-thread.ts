import { MessageChannel, Worker } from 'node:worker_threads';
import type { Clock } from './ports/clock.ts';
import type { Threads, ThreadWatch } from './ports/threads.ts';
import { createListeners } from './projections/listeners.ts';
import { createPatience, stopped } from './projections/patience.ts';
import { remoteProjector } from './projections/projector-channel.ts';
import type { Projector } from './projections/projector.ts';
import { reviveFailure, type SentFailure } from './projections/sent-failure.ts';

/** What the thread is started with. */
export interface ProjectorThreadData {
  /** Folder of the embedded stores. */
  readonly data: string;
  /** Wakes its subscription when the log grows. */
  readonly wake: SharedArrayBuffer;
}

/**
 * What the thread says: that it folds, how the one fares that copies the views' journal for it, and what ended that, or what
 * one failed with that folds with it.
 */
export type Said =
  'ready' | { readonly journal: 'works' | SentFailure | null } | { readonly hand: SentFailure };

/** What looks after the thread goes by, and who is told of it. */
export interface ThreadWorld {
  readonly clock: Clock;
  readonly threads: Pick<Threads, 'watch'>;
}

interface Thread {
  readonly projector: Projector;
  /** Resolves when it is gone, with what ended it if it was an error. */
  readonly ended: Promise<unknown>;
}

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './projector.worker.ts' : './projector.worker.js',
  import.meta.url,
);

/** Those who look after the threads that it starts itself. */
interface Watches {
  readonly copier: ThreadWatch;
  readonly hands: ThreadWatch;
}

const startThread = async (data: ProjectorThreadData, { copier, hands }: Watches): Promise<Thread> => {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(WORKER, { workerData: { ...data, port: port2 }, transferList: [port2] });
  const ready = Promise.withResolvers<void>();
  let failure: unknown;
  worker.on('message', (said: Said) => {
    if (said === 'ready') return ready.resolve();
    if ('hand' in said) return hands.ended(reviveFailure(said.hand));
    if (said.journal === 'works') return copier.works();
    return copier.ended(said.journal === null ? undefined : reviveFailure(said.journal));
  });
  worker.on('error', (error) => {
    failure = error;
    ready.reject(error);
  });
  const ended = new Promise<unknown>((resolve) => {
    worker.once('exit', (code) => {
      resolve(failure);
      ready.reject(
        new Error(`Expected the thread that folds the views to start, but it ended with ${code}.`),
      );
    });
  });
  await ready.promise;
  return { projector: remoteProjector(port1), ended };
};

/**
 * Folds the embedded views in a thread of its own, so that the engine keeps its own. Rejects when it cannot start.
 * A thread that ends later is started again, of which `threads` is told; it goes on where it had got to. So is the one that
 * copies the views' journal.
 */
export const startProjectorThread = async (
  data: ProjectorThreadData,
  { clock, threads }: ThreadWorld,
): Promise<Projector> => {
  const projector = threads.watch('projector');
  const copier = threads.watch('journal_copier');
  const watches = { copier, hands: threads.watch('rebuild_hand') };
  const stop = new AbortController();
  const patience = createPatience(clock, stop.signal);
  const listeners = createListeners();
  let failures = 0;

  const lookAfter = (thread: Thread): Thread => {
    thread.projector.onProgress((progress) => {
      failures = 0;
      listeners.tell(progress);
    });
    void thread.ended.then((failure) => {
      if (stop.signal.aborted) return;
      projector.ended(failure);
      current = startAgain();
      // Who calls meanwhile hears what came of it; there may be nobody.
      current.catch(() => undefined);
    });
    return thread;
  };

  const startAgain = async (): Promise<Thread> => {
    for (;;) {
      await patience.pause(failures);
      if (stop.signal.aborted) throw stopped();
      failures += 1;
      try {
        const thread = lookAfter(await startThread(data, watches));
        projector.works();
        // What copied for the one before has ended with it.
        copier.works();
        return thread;
      } catch (error) {
        projector.ended(error);
      }
    }
  };

  let current = Promise.resolve(lookAfter(await startThread(data, watches)));
  return {
    status: async () => (await current).projector.status(),
    waitFor: async (position, names, timeout) => (await current).projector.waitFor(position, names, timeout),
    rebuild: async (name, options) => (await current).projector.rebuild(name, options),
    rebuildAll: async (names, options) => (await current).projector.rebuildAll(names, options),
    rollback: async (name) => (await current).projector.rollback(name),
    retry: async (name) => (await current).projector.retry(name),
    stoppedAt: async (name) => (await current).projector.stoppedAt(name),
    control: async (name, what) => (await current).projector.control(name, what),
    onProgress: listeners.add,
    stop: async () => {
      stop.abort();
      const last = await current.catch(() => undefined);
      await last?.projector.stop();
      await last?.ended;
    },
  };
};
