import type { FailStep } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import { evaluatePayload } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { failStep } from '../settle.ts';
import type { Spot } from '../spot.ts';
import type { Turn } from '../turn.ts';

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Fails with the error that the definition gives. */
export const beginFail = (turn: Turn, { step, path, branch }: Spot<FailStep>): void => {
  const scope = scopeOf(turn, branch);
  const error = evaluatePayload(turn, () => ({
    type: text(step.type.evaluate(scope)),
    message: text(step.message.evaluate(scope)),
  }));
  failStep(turn, path, error.ok ? error.value : error.error);
};
