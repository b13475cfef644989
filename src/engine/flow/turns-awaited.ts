import type { AttemptId } from '../../domain/flow/breaker-events.ts';
import type { Limiter } from '../../domain/flow/limiter.ts';
import type { SharedStreams } from './shared-streams.ts';

/** Those of a node that wait for their turns at limiters. */
export interface TurnsAwaited {
  /** Calls back when the attempt is let in, or when that is not known here; once, unless the answer is called before. */
  await(name: string, attempt: AttemptId, wake: () => void): () => void;
  /** Limiters at which somebody waits. */
  names(): Iterable<string>;
}

interface Waiting {
  readonly wakes: Map<string, () => void>;
  readonly stop: () => void;
}

const idOf = ({ executionId, step, attempt }: AttemptId): string => `${executionId} ${step} ${attempt}`;

/** Looks at each limiter once when something happens to it, however many wait there. */
export const awaitTurns = (streams: Pick<SharedStreams<Limiter, never>, 'known' | 'watch'>): TurnsAwaited => {
  const waiting = new Map<string, Waiting>();

  const look = (name: string): void => {
    const { wakes = new Map<string, () => void>() } = waiting.get(name) ?? {};
    const limiter = streams.known(name);
    const ids = limiter === undefined ? [...wakes.keys()] : limiter.inside.map(idOf);
    for (const id of ids) wakes.get(id)?.();
  };

  const opened = (name: string): Waiting => {
    const known = waiting.get(name);
    if (known !== undefined) return known;
    const stop = streams.watch(name, () => look(name));
    const fresh = { wakes: new Map<string, () => void>(), stop };
    waiting.set(name, fresh);
    return fresh;
  };

  return {
    names: () => waiting.keys(),
    await: (name, attempt, wake) => {
      const { wakes, stop } = opened(name);
      const id = idOf(attempt);
      const leave = (): void => {
        if (wakes.get(id) !== woken) return;
        wakes.delete(id);
        if (wakes.size > 0) return;
        stop();
        waiting.delete(name);
      };
      const woken = (): void => {
        leave();
        wake();
      };
      wakes.set(id, woken);
      return leave;
    },
  };
};
