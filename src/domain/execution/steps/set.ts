import type { SetStep } from '../../definition/definition.ts';
import { scopeOf, type Turn } from '../turn.ts';
import { failStep } from './settle.ts';
import { evaluateFields, evaluatePayload } from '../evaluate.ts';

/** Sets variables; every expression sees them as they were before the step. */
export const beginSet = (turn: Turn, step: SetStep): void => {
  const variables = evaluatePayload(turn, () => evaluateFields(step.variables, scopeOf(turn)));
  if (!variables.ok) {
    failStep(turn, step.name, variables.error);
    return;
  }
  turn.emit({
    type: 'variables.set',
    facts: { workflow: turn.state.workflow, step: step.name, names: Object.keys(variables.value) },
    payload: { variables: variables.value },
  });
};
