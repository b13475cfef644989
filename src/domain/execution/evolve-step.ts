import { own } from '../json.ts';
import type {
  SignalAwaited,
  SignalReceived,
  StepCompleted,
  StepFailed,
  StepQueued,
  StepRetryScheduled,
  StepSkipped,
  StepStarted,
  TimerFired,
  TimerScheduled,
  VariablesSet,
} from './events.ts';
import { stepOf, type ExecutionState, type StepState } from './state.ts';

/** What happens to a step on the way forward. */
export type StepEvent =
  | StepQueued
  | StepStarted
  | StepCompleted
  | StepFailed
  | StepSkipped
  | StepRetryScheduled
  | VariablesSet
  | TimerScheduled
  | TimerFired
  | SignalAwaited
  | SignalReceived;

const FRESH: StepState = {
  status: 'running',
  activity: '',
  attempt: 0,
  tries: 0,
  fallback: false,
  startedAt: 0,
  output: null,
};

const withStep = (state: ExecutionState, name: string, step: StepState): ExecutionState => ({
  ...state,
  steps: { ...state.steps, [name]: step },
});

const settled = (state: ExecutionState, name: string, step: StepState): ExecutionState => ({
  ...withStep(state, name, step),
  cursor: state.cursor + 1,
});

/** Takes the oldest kept payload away when the step was still waiting for its signal: that one ended it. */
const consumed = (state: ExecutionState, { signal }: StepState): ExecutionState['signals'] => {
  const kept = signal === undefined ? undefined : own(state.signals, signal);
  // There is none when the step timed out, since one would have ended it.
  if (signal === undefined || kept === undefined) return state.signals;
  return { ...state.signals, [signal]: kept.slice(1) };
};

const completed = (
  state: ExecutionState,
  step: StepState,
  { facts, payload }: StepCompleted,
): ExecutionState => {
  const { dueAt: _due, signal: _signal, ...rest } = step;
  return {
    ...settled(state, facts.step, {
      ...rest,
      status: 'completed',
      attempt: facts.attempt,
      output: payload.output,
    }),
    completed: [...state.completed, facts.step],
    signals: consumed(state, step),
    variables:
      payload.variables === undefined ? state.variables : { ...state.variables, ...payload.variables },
  };
};

const failed = (before: ExecutionState, step: StepState, { facts, payload }: StepFailed): ExecutionState => {
  const { dueAt: _due, signal: _signal, ...rest } = step;
  const state = { ...before, signals: consumed(before, step) };
  const next: StepState = { ...rest, status: 'failed', attempt: facts.attempt, error: payload.error };
  if (facts.handled === 'continue') return settled(state, facts.step, next);
  if (facts.handled === 'activity') return withStep(state, facts.step, { ...next, fallback: true, tries: 0 });
  const known = withStep(state, facts.step, next);
  return facts.handled === 'skip' ? known : { ...known, failure: { step: facts.step, error: payload.error } };
};

/** The execution after something happened to one of its steps. */
export const evolveStep = (state: ExecutionState, event: StepEvent, at: number): ExecutionState => {
  const name = event.facts.step;
  const step = stepOf(state, name) ?? FRESH;
  switch (event.type) {
    case 'step.queued':
      return withStep(state, name, { ...step, status: 'queued', activity: event.facts.activity });
    case 'step.started': {
      const { activity, attempt, fallback } = event.facts;
      const { dueAt: _due, ...rest } = step;
      const tries = step.tries + 1;
      return withStep(state, name, {
        ...rest,
        status: 'running',
        activity,
        attempt,
        fallback,
        tries,
        startedAt: at,
      });
    }
    case 'step.completed':
      return completed(state, step, event);
    case 'step.failed':
      return failed(state, step, event);
    case 'step.skipped':
      return settled(state, name, { ...step, status: 'skipped', output: null });
    case 'step.retry_scheduled': {
      const { attempt, dueAt, uncounted } = event.facts;
      return withStep(state, name, {
        ...step,
        status: 'retrying',
        attempt,
        tries: uncounted ? step.tries - 1 : step.tries,
        dueAt,
        error: event.payload.error,
      });
    }
    case 'variables.set':
      return {
        ...settled(state, name, { ...step, status: 'completed', activity: 'set', startedAt: at }),
        variables: { ...state.variables, ...event.payload.variables },
      };
    case 'timer.scheduled':
      return withStep(state, name, { ...step, status: 'waiting', dueAt: event.facts.dueAt });
    case 'timer.fired': {
      const { dueAt: _due, ...rest } = step;
      return withStep(state, name, rest);
    }
    case 'signal.awaited':
      return withStep(state, name, { ...step, status: 'waiting', signal: event.facts.signal });
    case 'signal.received': {
      const { signal: _signal, ...rest } = step;
      return withStep(state, name, rest);
    }
    default:
      return event satisfies never;
  }
};
