import type { Logger } from './ports/logger.ts';
import type { ThreadName, Threads, ThreadStatus } from './ports/threads.ts';

const WHAT: Readonly<Record<ThreadName, string>> = {
  projector: 'The thread that folds the views',
  journal_copier: "The thread that copies the views' journal",
  log_writer: 'The thread that writes the log',
  rebuild_hand: 'A thread that folds with a rebuild',
};

/** Those that are not missed when they have ended: what they were at goes on without them. */
const UNMISSED: ReadonlySet<ThreadName> = new Set(['rebuild_hand']);

const errorOf = (failure: unknown): Error =>
  failure instanceof Error ? failure : new Error('it was ended, and nothing told why', { cause: failure });

/** Keeps how threads fare, and writes to the server's log when one ends or works again. */
export const createThreads = (logger: Logger): Threads => {
  const known = new Map<ThreadName, ThreadStatus>();
  return {
    watch(name) {
      known.set(name, { name, ends: 0, failure: undefined });
      const now = (): ThreadStatus => known.get(name) ?? { name, ends: 0, failure: undefined };
      return {
        ended(failure) {
          const error = errorOf(failure);
          const isMissed = !UNMISSED.has(name);
          known.set(name, { name, ends: now().ends + 1, failure: isMissed ? error : undefined });
          const what = isMissed ? 'has ended; it is started again' : 'has failed; that goes on without it';
          logger.error({ thread: name, err: error }, `${WHAT[name]} ${what}.`);
        },
        works() {
          if (now().failure === undefined) return;
          known.set(name, { ...now(), failure: undefined });
          logger.info({ thread: name }, `${WHAT[name]} works again.`);
        },
      };
    },
    list: () => [...known.values()],
  };
};
