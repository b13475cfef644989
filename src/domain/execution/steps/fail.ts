import type { FailStep } from '../../definition/definition.ts';
import { textOf } from '../../json.ts';
import { evaluatePayload } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { failStep } from '../settle.ts';
import type { Spot } from '../spot.ts';
import type { Turn } from '../turn.ts';

/** Fails with the error that the definition gives. */
export const beginFail = (turn: Turn, { step, path, branch }: Spot<FailStep>): void => {
  const scope = scopeOf(turn, branch);
  const error = evaluatePayload(turn, () => ({
    type: textOf(step.type.evaluate(scope)),
    message: textOf(step.message.evaluate(scope)),
  }));
  failStep(turn, path, error.ok ? error.value : error.error);
};
