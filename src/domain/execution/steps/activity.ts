import type { ActivityStep } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import type { FailAttempt } from '../commands.ts';
import { evaluatePayload } from '../evaluate.ts';
import type { ErrorPayload } from '../events.ts';
import { ROOT } from '../path.ts';
import { scheduleRetry } from '../schedule-retry.ts';
import { errorSeen, scopeOf } from '../scope.ts';
import { attemptFacts, failStep, giveUp } from '../settle.ts';
import type { Spot } from '../spot.ts';
import { nextAttempt, stepOf } from '../state.ts';
import type { Turn } from '../turn.ts';

/** Starts the next attempt of a step, or queues the step when nobody serves its activity. */
export const beginActivity = (turn: Turn, spot: Spot<ActivityStep>): void =>
  attempt(turn, spot, spot.step.activity);

/** Starts the next attempt of what answers for a step that has failed. */
export const beginFallback = (turn: Turn, spot: Spot): void => {
  const { fallback } = spot.step;
  if (fallback?.kind === 'activity')
    attempt(turn, spot, fallback.activity, stepOf(turn.state, spot.path)?.error);
};

/** `failure` is given when the activity is the fallback for it. */
const attempt = (turn: Turn, spot: Spot, activity: string, failure?: ErrorPayload): void => {
  const { state, context } = turn;
  const { path } = spot;
  const known = stepOf(state, path);
  const facts = { workflow: state.workflow, step: path, activity, attempt: nextAttempt(state, path) };
  if (!context.serves(activity)) {
    if (known?.status !== 'queued')
      turn.emit({ type: 'step.queued', facts: { ...facts, reason: 'no_activity' } });
    return;
  }
  const input = evaluatePayload(turn, () => inputOf(turn, spot, failure));
  if (!input.ok) {
    failStep(turn, path, input.error);
    return;
  }
  turn.emit({
    type: 'step.started',
    facts: { ...facts, fallback: failure !== undefined },
    ...(input.value === undefined ? {} : { payload: { input: input.value } }),
  });
};

/**
 * A fallback's activity is given the step's input and the error; a step without `input:` has all variables, which its
 * event has to say where other branches may set them in the same moment.
 */
const inputOf = (turn: Turn, { step, branch }: Spot, failure: ErrorPayload | undefined): Json | undefined => {
  const given = step.kind === 'activity' ? step.input?.evaluate(scopeOf(turn, branch)) : undefined;
  const { variables } = turn.state;
  const input = given === undefined && branch !== ROOT ? variables : given;
  if (failure === undefined) return input;
  return { input: input ?? variables, error: errorSeen(failure) };
};

/** An attempt failed: another is scheduled, the fallback takes over, or the step has failed. */
export const failAttemptOf = (turn: Turn, spot: Spot, command: FailAttempt): void => {
  const { step, path } = spot;
  const policy = step.kind === 'activity' ? step.retry : undefined;
  const { tries = 1 } = stepOf(turn.state, path) ?? {};
  if (!scheduleRetry(turn, policy, tries, attemptFacts(turn, path), command))
    giveUp(turn, spot, command.error);
};
