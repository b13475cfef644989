import type { ActivityStep } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import { stepOf } from '../state.ts';
import { isRetried, retryDelay } from '../../resilience/retry.ts';
import type { FailAttempt } from '../commands.ts';
import type { ErrorPayload } from '../events.ts';
import { scopeOf, type Turn } from '../turn.ts';
import { attemptFacts, completeStep, failStep, recordFailure } from './settle.ts';
import { evaluatePayload } from '../evaluate.ts';

/** Starts the next attempt of a step, or queues the step when nobody serves its activity. */
export const beginActivity = (turn: Turn, step: ActivityStep): void => {
  const before = stepOf(turn.state, step.name);
  if (before?.fallback && step.fallback?.kind === 'activity')
    attempt(turn, step, step.fallback.activity, before.error);
  else attempt(turn, step, step.activity);
};

/** `failure` is given when the activity is the fallback for it. */
const attempt = (turn: Turn, step: ActivityStep, activity: string, failure?: ErrorPayload): void => {
  const { state, context } = turn;
  const facts = {
    workflow: state.workflow,
    step: step.name,
    activity,
    attempt: (stepOf(state, step.name)?.attempt ?? 0) + 1,
  };
  if (!context.serves(activity)) {
    if (stepOf(state, step.name)?.status !== 'queued')
      turn.emit({ type: 'step.queued', facts: { ...facts, reason: 'no_activity' } });
    return;
  }
  const input = evaluatePayload(turn, () => inputOf(turn, step, failure));
  if (!input.ok) {
    failStep(turn, step.name, input.error);
    return;
  }
  turn.emit({
    type: 'step.started',
    facts: { ...facts, fallback: failure !== undefined },
    ...(input.value === undefined ? {} : { payload: { input: input.value } }),
  });
};

/** A fallback's activity is given the step's input and the error; a step without `input:` has all variables. */
const inputOf = (turn: Turn, step: ActivityStep, failure: ErrorPayload | undefined): Json | undefined => {
  const input = step.input?.evaluate(scopeOf(turn));
  if (failure === undefined) return input;
  return { input: input ?? turn.state.variables, error: { ...failure, details: failure.details ?? null } };
};

/** An attempt returned: the step is completed. */
export const completeActivity = (turn: Turn, step: ActivityStep, output: Json): void =>
  completeStep(turn, step.name, step.output, output);

/** An attempt failed: another is scheduled, the fallback takes over, or the step has failed. */
export const failActivity = (turn: Turn, step: ActivityStep, { error, retry }: FailAttempt): void => {
  const { context } = turn;
  const { tries = 1, fallback = false } = stepOf(turn.state, step.name) ?? {};
  if (retry === 'always' || (retry === 'by_policy' && isRetried(step.retry, tries, error.type))) {
    const delay = retry === 'always' ? 0 : retryDelay(step.retry, tries, context.random);
    const facts = {
      ...attemptFacts(turn, step.name),
      errorType: error.type,
      delay,
      dueAt: context.now + delay,
      compensation: false,
      ...(retry === 'always' ? { uncounted: true as const } : {}),
    };
    turn.emit({ type: 'step.retry_scheduled', facts, payload: { error } });
    return;
  }
  if (step.fallback === undefined || fallback) {
    failStep(turn, step.name, error);
    return;
  }
  if (step.fallback.kind === 'skip') {
    recordFailure(turn, step.name, error, 'skip');
    turn.emit({
      type: 'step.skipped',
      facts: { workflow: turn.state.workflow, step: step.name, reason: 'fallback' },
    });
    return;
  }
  recordFailure(turn, step.name, error, 'activity');
  attempt(turn, step, step.fallback.activity, error);
};
