import { stepOf } from '../state.ts';
import type { TemplateFields } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import { beginCompensation } from '../compensation.ts';
import type { ErrorPayload, FailureHandling } from '../events.ts';
import { evaluateFields, evaluatePayload } from '../evaluate.ts';
import { elapsedSince, endFacts, scopeOf, type Turn } from '../turn.ts';

/** What a step that ended says of its last attempt. */
export const attemptFacts = (turn: Turn, step: string) => {
  const { state, context } = turn;
  const { activity = '', attempt = 0, startedAt = context.now } = stepOf(state, step) ?? {};
  return { workflow: state.workflow, step, activity, attempt, duration: elapsedSince(turn, startedAt) };
};

/** Completes a step, setting the variables that its `output:` names. */
export const completeStep = (turn: Turn, step: string, fields: TemplateFields, output: Json): void => {
  const facts = attemptFacts(turn, step);
  const payload = evaluatePayload(turn, () =>
    Object.keys(fields).length === 0
      ? { output }
      : { output, variables: evaluateFields(fields, scopeOf(turn, { output })) },
  );
  if (payload.ok) turn.emit({ type: 'step.completed', facts, payload: payload.value });
  else failStep(turn, step, payload.error);
};

/** A step has failed for good and has no fallback: the run stops, is undone, or goes on without it. */
export const failStep = (turn: Turn, step: string, error: ErrorPayload): void => {
  const handled = turn.definition.onError;
  recordFailure(turn, step, error, handled);
  if (handled === 'continue') return;
  if (handled === 'compensate') beginCompensation(turn, step, error);
  else failExecution(turn, step, error);
};

/** Records that a step has failed for good, and what follows. */
export const recordFailure = (
  turn: Turn,
  step: string,
  error: ErrorPayload,
  handled: FailureHandling,
): void => {
  const facts = { ...attemptFacts(turn, step), errorType: error.type, handled };
  turn.emit({ type: 'step.failed', facts, payload: { error } });
};

/** Ends the run as failed, with nothing undone. */
export const failExecution = (turn: Turn, step: string, error: ErrorPayload): void => {
  const facts = { ...endFacts(turn), step, errorType: error.type, uncompensated: [] };
  turn.emit({ type: 'execution.failed', facts, payload: { error } });
};
