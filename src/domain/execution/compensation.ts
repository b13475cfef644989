import type { Compensation } from '../definition/definition.ts';
import { own, type Json } from '../json.ts';
import { isRetried, retryDelay } from '../resilience/retry.ts';
import type { FailAttempt } from './commands.ts';
import type { ErrorPayload } from './events.ts';
import { stepOf, type CompensationState } from './state.ts';
import { evaluatePayload } from './evaluate.ts';
import { elapsedSince, endFacts, scopeOf, type Turn } from './turn.ts';

/** Completed steps that have something to undo them, in the order in which that is done. */
const compensable = ({ definition, state }: Turn): readonly string[] => {
  const { strategy, byStep } = definition.compensation;
  const steps = state.completed.filter((step) => Object.hasOwn(byStep, step));
  return strategy === 'reverse' ? steps.toReversed() : steps;
};

/** Begins to undo a run because `step` has failed; with nothing to undo the run is compensated at once. */
export const beginCompensation = (turn: Turn, step: string, error: ErrorPayload): void => {
  const steps = [...compensable(turn), ...turn.definition.compensation.activities];
  const { workflow } = turn.state;
  turn.emit({
    type: 'saga.compensating',
    facts: { workflow, step, errorType: error.type, steps },
    payload: { error },
  });
  advanceCompensation(turn);
};

/** Starts what is to be undone next, or ends the run when all of it is settled. */
export const advanceCompensation = (turn: Turn): void => {
  for (;;) {
    const plan = turn.state.compensation;
    if (turn.state.status !== 'compensating' || plan === undefined) return;
    const name = plan.todo[plan.settled];
    if (name === undefined) {
      endCompensation(turn, plan);
      return;
    }
    if (attempt(turn, plan, name)) return;
  }
};

/** Answers whether the attempt was started or waits for somebody to serve it; if not, it has failed already. */
const attempt = (turn: Turn, plan: CompensationState, name: string): boolean => {
  const { state, context } = turn;
  const { activity, params } = undoing(turn, plan, name);
  const facts = { workflow: state.workflow, step: name, activity, attempt: plan.attempt + 1 };
  if (!context.serves(activity)) {
    if (plan.status !== 'queued')
      turn.emit({ type: 'step.queued', facts: { ...facts, reason: 'no_activity' } });
    return true;
  }
  const output = stepOf(state, name)?.output ?? null;
  const input = evaluatePayload<Json | undefined>(turn, () =>
    params?.evaluate(
      scopeOf(turn, { output, ...(state.failure === undefined ? {} : { error: state.failure.error }) }),
    ),
  );
  if (!input.ok) {
    const failed = { ...facts, duration: 0, errorType: input.error.type };
    turn.emit({ type: 'step.compensation_failed', facts: failed, payload: { error: input.error } });
    return false;
  }
  turn.emit({
    type: 'step.compensating',
    facts,
    ...(input.value === undefined ? {} : { payload: { input: input.value } }),
  });
  return true;
};

/** What undoes the entry that is next: a step's own compensation, or one of the activities after those. */
const undoing = (turn: Turn, plan: CompensationState, name: string): Compensation => {
  const ofSteps = plan.todo.length - turn.definition.compensation.activities.length;
  const ofStep = plan.settled < ofSteps ? own(turn.definition.compensation.byStep, name) : undefined;
  return ofStep ?? { activity: name };
};

const attemptFacts = (turn: Turn, plan: CompensationState, step: string) => ({
  workflow: turn.state.workflow,
  step,
  activity: plan.activity,
  attempt: plan.attempt,
  duration: elapsedSince(turn, plan.startedAt),
});

/** An undoing attempt returned. */
export const completeCompensation = (
  turn: Turn,
  plan: CompensationState,
  step: string,
  output: Json,
): void => {
  turn.emit({ type: 'step.compensated', facts: attemptFacts(turn, plan, step), payload: { output } });
  advanceCompensation(turn);
};

/** An undoing attempt failed: it is tried again by policy, or left undone while the others still run. */
export const failCompensation = (
  turn: Turn,
  plan: CompensationState,
  { step, error, retry }: FailAttempt,
): void => {
  const { context, definition } = turn;
  const policy = definition.compensation.retry;
  const facts = { ...attemptFacts(turn, plan, step), errorType: error.type };
  if (retry === 'always' || (retry === 'by_policy' && isRetried(policy, plan.tries, error.type))) {
    const delay = retry === 'always' ? 0 : retryDelay(policy, plan.tries, context.random);
    const retried = {
      ...facts,
      delay,
      dueAt: context.now + delay,
      compensation: true,
      ...(retry === 'always' ? { uncounted: true as const } : {}),
    };
    turn.emit({ type: 'step.retry_scheduled', facts: retried, payload: { error } });
    return;
  }
  turn.emit({ type: 'step.compensation_failed', facts, payload: { error } });
  advanceCompensation(turn);
};

const endCompensation = (turn: Turn, plan: CompensationState): void => {
  const { failure } = turn.state;
  const error = failure?.error ?? { type: 'Unknown', message: '' };
  const facts = { ...endFacts(turn), step: failure?.step ?? '', errorType: error.type };
  if (plan.failed.length === 0) turn.emit({ type: 'saga.compensated', facts });
  else
    turn.emit({
      type: 'execution.failed',
      facts: { ...facts, uncompensated: plan.failed },
      payload: { error },
    });
};
