import { defineActivity } from '../../../src/activities/define-activity.ts';
import { NonRetryable } from '../../../src/activities/non-retryable.ts';

const MIB = 1_048_576;

/** Says what it was given, and in which process. */
export const tell = defineActivity({
  name: 'tell',
  run: ({ logger, signal, heartbeat: _beat, ...context }, input) => {
    logger.warn('told', { at: 'work' });
    return { context, input, aborted: signal.aborted, pid: process.pid };
  },
});

/** Says how far it is, as it is told, and what an earlier attempt said. */
export const progress = defineActivity<{ says: unknown }>({
  name: 'progress',
  run: ({ heartbeat, progress: before }, { says }) => {
    heartbeat();
    heartbeat(says === 'a function' ? () => 1 : says);
    return { before };
  },
});

/** Fails as its input says. */
export const refuse = defineActivity<{ details: string }>({
  name: 'refuse',
  run: (_, { details }) => {
    throw new NonRetryable('Not so.', { type: 'Refused', details });
  },
});

/** Takes memory until it has as much as it is told to, of the kind that it is told. */
export const take = defineActivity<{ mib: number; kind: 'heap' | 'buffers' }>({
  name: 'take',
  run: async (_, { mib, kind }) => {
    const taken: unknown[] = [];
    for (let size = 0; size < mib; size += 1) {
      taken.push(kind === 'heap' ? Array.from({ length: MIB / 8 }, () => size + 0.5) : Buffer.alloc(MIB, 1));
      await new Promise(setImmediate);
    }
    return taken.length;
  },
});

/** Ends its process. */
export const exit = defineActivity({ name: 'exit', run: () => process.exit(3) });

/** Returns what no other process can be told. */
export const odd = defineActivity({ name: 'odd', run: () => ({ call: () => 1 }) });

/** Ends when it is aborted, saying why. */
export const wait = defineActivity({
  name: 'wait',
  run: ({ signal, logger }) =>
    new Promise((_, reject) => {
      logger.info('waiting', { pid: process.pid });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }),
});

/** Hears nothing. */
export const deaf = defineActivity({
  name: 'deaf',
  run: ({ logger }) => {
    logger.info('waiting', { pid: process.pid });
    return new Promise(() => setInterval(() => undefined, 1_000));
  },
});
