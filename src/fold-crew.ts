import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Crew, Crews, Hand, Stretch, Stretched } from './projections/rebuild/crew.ts';
import { reviveFailure, type SentFailure } from './projections/sent-failure.ts';

/** What a thread is started with. */
export interface HandData {
  /** Folder of the embedded stores. */
  readonly data: string;
  /** Wakes its subscriptions when the log grows. */
  readonly wake: SharedArrayBuffer;
}

/** What a thread is told: to fold something, or to end. */
export type Told = Stretch | 'end';

/** What a thread says: that it can be asked, and what came of each stretch. */
export type HandSaid = 'ready' | Stretched | { readonly failure: SentFailure };

interface HandThread extends Hand {
  /** Resolves when it can be asked. Rejects when it cannot start. */
  readonly ready: Promise<unknown>;
  /** Resolves when it is gone. */
  end(): Promise<void>;
}

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './fold-hand.worker.ts' : './fold-hand.worker.js',
  import.meta.url,
);

/** To start a thread takes as long as folding some 50,000 events, and half of all are left for the one that starts it. */
const AT_LEAST = 200_000;

const startHand = (workerData: HandData): HandThread => {
  const worker = new Worker(WORKER, { workerData });
  const ended = Promise.withResolvers<undefined>();
  const gone = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`Expected a thread to fold with a rebuild, but it has ended with ${code}.`));
      ended.resolve(undefined);
    });
  });
  // Whoever asks it to fold hears of it.
  gone.catch(() => undefined);
  const next = async (): Promise<HandSaid> => {
    const [said] = (await Promise.race([once(worker, 'message'), gone])) as [HandSaid];
    return said;
  };
  return {
    ready: next(),
    async fold(stretch) {
      const answer = next();
      worker.postMessage(stretch satisfies Told);
      const said = await answer;
      if (said === 'ready')
        throw new TypeError('Expected what came of a stretch, but found that it is ready.');
      if ('failure' in said) throw reviveFailure(said.failure);
      return said;
    },
    async end() {
      worker.postMessage('end' satisfies Told);
      await ended.promise;
    },
  };
};

/**
 * A thread that folds with a rebuild of embedded views; `undefined` on a machine of one processor. One is out at a time: a
 * second rebuild beside the first folds alone. `failed` is told why somebody rebuilds without it.
 */
export const foldCrews = (
  data: HandData,
  failed: (failure: unknown) => void,
  processors = availableParallelism(),
): Crews | undefined => {
  if (processors < 2) return undefined;
  let isOut = false;

  const openCrew = (): Crew => {
    const hand = startHand(data);
    isOut = true;
    const ready: Hand[] = [];
    hand.ready.then(() => ready.push(hand), failed);
    const close = async (): Promise<void> => {
      await hand.end();
      isOut = false;
    };
    let closing: Promise<void> | undefined;
    return { ready: () => [...ready], close: () => (closing ??= close()) };
  };

  return {
    atLeast: AT_LEAST,
    failed,
    open: () => {
      if (isOut) return undefined;
      try {
        return openCrew();
      } catch (error) {
        // The machine has too many threads already.
        failed(error);
        return undefined;
      }
    },
  };
};
