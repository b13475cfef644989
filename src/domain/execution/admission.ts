import type { ActivityStep } from '../definition/definition.ts';
import { verdictOf, type Breaker } from '../flow/breaker.ts';
import { isRetried, retryDelay } from '../resilience/retry.ts';
import type { Refusal } from './admission-events.ts';
import type { Queue } from './commands.ts';
import { giveUp } from './settle.ts';
import { labelOf } from './label.ts';
import type { Spot } from './spot.ts';
import { nextAttempt, stepOf } from './state.ts';
import type { Turn } from './turn.ts';

/** Why an open breaker refuses an attempt. */
export const circuitOpen = (activity: string, { status, failures, threshold, until }: Breaker): Refusal => {
  const since = `${failures} failures in a row, of ${threshold}`;
  const then =
    status === 'open'
      ? `it lets one call through from ${new Date(until).toISOString()} on`
      : 'the call that it lets through is not over yet';
  const message = `Expected calls of "${activity}" to succeed, but its circuit breaker is open after ${since}; ${then}.`;
  const details = { failures, threshold, ...(status === 'open' ? { until } : {}) };
  return {
    gate: 'circuit_breaker',
    key: activity,
    count: failures,
    of: threshold,
    error: { type: 'CircuitOpen', message, details },
  };
};

/** What the gates of an activity say to an attempt without being asked: go on, no, or that it has to ask. */
export const lookAtGates = (
  { context }: Turn,
  { step, path }: Spot<ActivityStep>,
  attempt: number,
): 'call' | 'ask' | Refusal => {
  const whenClosed = (step.limits ?? step.rate ?? step.needs) === undefined ? 'call' : 'ask';
  if (step.breaker === undefined) return whenClosed;
  const breaker = context.breaker?.(step.activity);
  if (breaker === undefined || breaker.status === 'half_open') return 'ask';
  const verdict = verdictOf(breaker, { executionId: context.executionId, step: path, attempt }, context.now);
  if (verdict === 'refuse') return circuitOpen(step.activity, breaker);
  return verdict === 'call' ? whenClosed : 'ask';
};

/** An attempt waits for its turn at a gate, which is told once of each. */
export const queueAttempt = (
  turn: Turn,
  spot: Spot<ActivityStep>,
  { type: _type, step: _path, attempt: _attempt, ...place }: Queue,
): void => {
  const { state } = turn;
  const { step, path } = spot;
  const { gate, dueAt } = stepOf(state, path) ?? {};
  if (gate === place.gate) return;
  const facts = {
    workflow: state.workflow,
    step: path,
    activity: step.activity,
    attempt: nextAttempt(state, path),
  };
  const until = dueAt === undefined ? {} : { dueAt };
  const more = { ...until, ...labelOf(turn, spot) };
  turn.emit({ type: 'step.queued', facts: { ...facts, reason: 'limit', ...place, ...more } });
};

/** An attempt is not let through: by the retry policy it asks again, or the step is given up. */
export const rejectAttempt = (turn: Turn, spot: Spot<ActivityStep>, refusal: Refusal): void => {
  const { context, state } = turn;
  const { step, path } = spot;
  const { error, ...at } = refusal;
  const { attempt = 0, tries = 0, done = true } = stepOf(state, path) ?? {};
  const count = done ? 1 : tries + 1;
  const facts = {
    workflow: state.workflow,
    step: path,
    activity: step.activity,
    attempt: attempt + 1,
    ...at,
    errorType: error.type,
  };
  if (!isRetried(step.retry, count, error.type)) {
    turn.emit({ type: 'step.rejected', facts, payload: { error } });
    giveUp(turn, spot, error);
    return;
  }
  const delay = retryDelay(step.retry, count, context.random);
  const again = { ...facts, delay, dueAt: context.now + delay };
  turn.emit({ type: 'step.rejected', facts: again, payload: { error } });
};
