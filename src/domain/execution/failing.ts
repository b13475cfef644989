import type { ExecutionEvent, StepFailed, TimerFired } from './events.ts';
import type { ExecutionRejected } from './run-events.ts';
import type { ExecutionState } from './state.ts';

/** What follows from the failure of a step up to that of the run, or of a block that has an answer to it. */
const FOLLOWS: ReadonlySet<ExecutionEvent['type']> = new Set([
  'step.failed',
  'step.cancelled',
  'branch.failed',
  'branch.cancelled',
  'approval.withdrawn',
  'child.cancel_requested',
  'execution.failed',
  'execution.paused',
  'execution.resumed',
  'execution.migrated',
  'execution.removed',
  'execution.restored',
  'execution.condensed',
] as const);

/** What comes in from outside, and no step has waited for. */
const comesIn = ({ facts }: ExecutionEvent): boolean => 'step' in facts && facts.step === '';

const isFatal = (event: ExecutionEvent): event is StepFailed | TimerFired | ExecutionRejected => {
  if (event.type === 'execution.rejected') return true;
  if (event.type === 'timer.fired') return event.facts.purpose === 'run';
  if (event.type !== 'step.failed' || event.facts.origin !== undefined) return false;
  return ['block', 'stop', 'compensate'].includes(event.facts.handled);
};

/** What the run gives could not be had, though its steps have come to their end. */
const isOfOutput = (before: ExecutionState, event: ExecutionEvent): boolean => {
  if (event.type !== 'execution.failed' && event.type !== 'saga.compensating') return false;
  const { status, failing, failure, steps } = before;
  if (status !== 'running' || failing !== undefined || failure !== undefined) return false;
  return event.facts.step === '' && !('cause' in event.facts) && Object.keys(steps).length > 0;
};

/**
 * Keeps how all stood before the step failed that takes the run with it, or the time of the run was over, or that in
 * which it waited to go on, or what it was to give, for whoever retries that; lets go of it when the run goes on all the same.
 */
export const withFailing = (
  before: ExecutionState,
  event: ExecutionEvent,
  after: ExecutionState,
): ExecutionState => {
  if (isFatal(event) || isOfOutput(before, event)) {
    const { failing: _earlier, ...rest } = before;
    const step = 'step' in event.facts ? event.facts.step : '';
    return { ...after, failing: { step, before: rest } };
  }
  if (after.failing === undefined || after.failure !== undefined || FOLLOWS.has(event.type) || comesIn(event))
    return after;
  const { failing: _over, ...rest } = after;
  return rest;
};
