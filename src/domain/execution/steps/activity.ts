import { hashOf } from '../../definition/canonical.ts';
import type { ActivityStep } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import { lookAtGates, rejectAttempt } from '../admission.ts';
import type { Passed } from '../admission-events.ts';
import { fallbackFor } from '../fallback.ts';
import { evaluate, evaluatePayload } from '../evaluate.ts';
import type { Attempted, ErrorPayload } from '../events.ts';
import { ROOT } from '../path.ts';
import { rankOf } from '../rank.ts';
import { labelOf } from '../label.ts';
import { scheduleRetry, type AttemptFailure } from '../schedule-retry.ts';
import { errorSeen, scopeOf } from '../scope.ts';
import { attemptFacts, failStep, giveUp } from '../settle.ts';
import type { Spot } from '../spot.ts';
import { nextAttempt, stepOf } from '../state.ts';
import { begunLimit, limitOf, queuedUntil } from '../limits.ts';
import { waitedSince, type Turn } from '../turn.ts';
import { workerOf, type Worker } from '../worker.ts';

/** Starts the next attempt of a step, or queues the step when nobody serves its activity or something limits it. */
export const beginActivity = (turn: Turn, spot: Spot<ActivityStep>): void => {
  const { step, path } = spot;
  const known = stepOf(turn.state, path);
  // Whoever asked is answered, and need not ask again.
  if (known?.asks) return;
  const attempt = prepare(turn, spot, step.activity);
  if (attempt === undefined) return;
  const verdict = lookAtGates(turn, spot, attempt.facts.attempt);
  if (verdict === 'call') start(turn, spot, attempt, false);
  else if (verdict === 'ask') request(turn, spot, attempt.facts);
  else rejectAttempt(turn, spot, verdict);
};

/** Asks for an attempt, with what its limit of calls in a time is for. */
const request = (turn: Turn, spot: Spot<ActivityStep>, facts: Attempted): void => {
  const { step, path, branch } = spot;
  const { key } = step.rate ?? {};
  const value = key === undefined ? undefined : evaluate(() => key.evaluate(scopeOf(turn, branch)));
  const isRanked = step.limits?.some(({ gate }) => gate === 'max_activities') === true;
  const rank = isRanked ? rankOf(turn) : undefined;
  if (value?.ok === false) failStep(turn, path, value.error);
  else if (rank?.ok === false) failStep(turn, path, rank.error);
  else {
    const keyed = value === undefined ? {} : { rateKey: hashOf(value.value) };
    const asked = { ...facts, ...keyed, ...rank?.value, ...queuedUntil(turn, spot) };
    turn.emit({ type: 'step.requested', facts: asked });
  }
};

/** Starts the attempt of a step that what limits its activity has let through. */
export const admitAttempt = (turn: Turn, spot: Spot<ActivityStep>, passed: readonly Passed[]): void => {
  const attempt = prepare(turn, spot, spot.step.activity);
  if (attempt === undefined) return;
  for (const at of passed) turn.emit({ type: 'step.admitted', facts: { ...attempt.facts, ...at } });
  start(turn, spot, attempt, false);
};

/** Starts the next attempt of what answers for a step that has failed. */
export const beginFallback = (turn: Turn, spot: Spot): void => {
  const { error } = stepOf(turn.state, spot.path) ?? {};
  const fallback = fallbackFor(spot.step, error?.type);
  if (fallback?.kind !== 'activity') return;
  const attempt = prepare(turn, spot, fallback.activity, error);
  if (attempt !== undefined) start(turn, spot, attempt, true);
};

/** An attempt that can be made. */
interface Prepared {
  readonly facts: Attempted;
  readonly input: Json | undefined;
  /** Who makes it, if it is no node. */
  readonly worker: Partial<Worker>;
}

/** What an attempt is made with; nothing when nobody serves it or its input cannot be had. `failure`: it is the fallback for it. */
const prepare = (turn: Turn, spot: Spot, activity: string, failure?: ErrorPayload): Prepared | undefined => {
  const { state, context } = turn;
  const { path } = spot;
  const known = stepOf(state, path);
  const facts = { workflow: state.workflow, step: path, activity, attempt: nextAttempt(state, path) };
  const worker = context.serves(activity) ? {} : workerOf(context.taken, facts);
  if (worker === undefined) {
    // Another version may call another activity.
    if (known?.status !== 'queued' || known.asks || known.activity !== activity)
      turn.emit({
        type: 'step.queued',
        facts: {
          ...facts,
          reason: 'no_activity',
          ...queuedUntil(turn, spot),
          ...begunLimit(known),
          ...labelOf(turn, spot),
        },
      });
    return undefined;
  }
  const input = evaluatePayload(turn, () => inputOf(turn, spot, failure));
  if (input.ok) return { facts, input: input.value, worker };
  failStep(turn, path, input.error);
  return undefined;
};

const start = (turn: Turn, spot: Spot, { facts, input, worker }: Prepared, fallback: boolean): void => {
  const { queuedAt } = stepOf(turn.state, spot.path) ?? {};
  const waited = waitedSince(turn, queuedAt);
  turn.emit({
    type: 'step.started',
    facts: { ...facts, fallback, ...waited, ...limitOf(turn, spot), ...labelOf(turn, spot), ...worker },
    ...(input === undefined ? {} : { payload: { input } }),
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
export const failAttemptOf = (turn: Turn, spot: Spot, failure: AttemptFailure): void => {
  const { step, path } = spot;
  const policy = step.kind === 'activity' || step.kind === 'workflow' ? step.retry : undefined;
  const { tries = 1 } = stepOf(turn.state, path) ?? {};
  if (!scheduleRetry(turn, policy, tries, attemptFacts(turn, path), failure))
    giveUp(turn, spot, failure.error);
};
