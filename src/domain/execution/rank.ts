import { hashOf } from '../definition/canonical.ts';
import type { Json } from '../json.ts';
import { evaluate, type Evaluated } from './evaluate.ts';
import { ROOT } from './path.ts';
import { scopeOf } from './scope.ts';
import type { Turn } from './turn.ts';

/** Where somebody waits for his turn: among those of the same key, the highest priority first. */
export interface Rank {
  /** What of the value of the key is kept: a hash, since it may be personal. */
  readonly lane?: string;
  readonly priority?: number;
}

/** Where whoever asks now would wait, as the definition's `concurrency` has it. */
export const rankOf = (turn: Turn): Evaluated<Rank> => {
  const { key, priority } = turn.definition.concurrency ?? {};
  if (key === undefined && priority === undefined) return { ok: true, value: {} };
  const scope = scopeOf(turn, ROOT);
  const evaluated = evaluate(() => ({
    ...(key === undefined ? {} : { lane: hashOf(key.evaluate(scope)) }),
    ...(priority === undefined ? {} : { priority: priority.evaluate(scope) }),
  }));
  if (!evaluated.ok) return evaluated;
  const { priority: found, ...rest } = evaluated.value;
  if (found === undefined) return { ok: true, value: rest };
  if (typeof found === 'number' && Number.isSafeInteger(found))
    return { ok: true, value: { ...rest, priority: found } };
  return { ok: false, error: notWhole(found) };
};

const notWhole = (found: Json) => ({
  type: 'ExpressionError',
  message: `Expected "priority" to be a whole number, but found ${JSON.stringify(found)}.`,
});
