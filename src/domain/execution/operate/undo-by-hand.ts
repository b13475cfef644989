import type { Json } from '../../json.ts';
import { advanceCompensation, attemptsOf, undoingFacts } from '../compensation.ts';
import type { ErrorPayload } from '../events.ts';
import { phaseOf, type CompensationState } from '../state.ts';
import type { Turn } from '../turn.ts';

/** Does something to the undoing of a step, when that is what a run is at; answers whether it is. */
export const undoByHand = (turn: Turn, step: string, does: (plan: CompensationState) => void): boolean => {
  const plan = turn.state.compensation;
  if (phaseOf(turn.state) !== 'compensating' || plan?.todo[plan.settled] !== step) return false;
  does(plan);
  advanceCompensation(turn);
  return true;
};

/** A step was undone by somebody. */
export const completeUndoing = (
  turn: Turn,
  plan: CompensationState,
  step: string,
  output: Json,
  reason: string,
): void =>
  turn.emit({
    type: 'step.compensated',
    facts: { ...undoingFacts(turn, plan, step), ...handOf(plan) },
    payload: { output, reason },
  });

/** A step is left as it is, whatever its policy says. */
export const failUndoing = (
  turn: Turn,
  plan: CompensationState,
  step: string,
  error: ErrorPayload,
  reason: string,
): void =>
  turn.emit({
    type: 'step.compensation_failed',
    facts: { ...undoingFacts(turn, plan, step), ...handOf(plan), errorType: error.type },
    payload: { error, reason },
  });

const handOf = (plan: CompensationState) =>
  plan.status === 'running'
    ? { by: 'operator' as const }
    : { by: 'operator' as const, attempt: attemptsOf(plan) + 1, duration: 0 };
