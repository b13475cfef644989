import type { SetStep } from '../../definition/definition.ts';
import { evaluateFields, evaluatePayload } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { failStep } from '../settle.ts';
import type { Spot } from '../spot.ts';
import type { Turn } from '../turn.ts';

/** Sets variables; every expression sees them as they were before the step. */
export const beginSet = (turn: Turn, { step, path, branch }: Spot<SetStep>): void => {
  const variables = evaluatePayload(turn, () => evaluateFields(step.variables, scopeOf(turn, branch)));
  if (!variables.ok) {
    failStep(turn, path, variables.error);
    return;
  }
  turn.emit({
    type: 'variables.set',
    facts: { workflow: turn.state.workflow, step: path, names: Object.keys(variables.value) },
    payload: { variables: variables.value },
  });
};
