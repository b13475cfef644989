import { own, type Json } from '../json.ts';
import type { AdmissionEvent, StepRejected, StepRequested } from './admission-events.ts';
import type { ApprovalEvent } from './approval-events.ts';
import type { ChildEvent } from './child-events.ts';
import type {
  SignalAwaited,
  SignalReceived,
  StepCancelled,
  StepCompleted,
  StepFailed,
  StepHeartbeat,
  StepQueued,
  StepRetryScheduled,
  StepSkipped,
  StepStarted,
  TimerFired,
  TimerScheduled,
  VariablesSet,
} from './events.ts';
import { entered, settled, withStep } from './evolve-branch.ts';
import { stepOf, type ExecutionState, type StepState } from './state.ts';
import { withVariables } from './variables.ts';
import { takenFrom } from './worker.ts';

/** What happens to a step on the way forward. */
export type StepEvent =
  | StepQueued
  | StepStarted
  | StepHeartbeat
  | StepCompleted
  | StepFailed
  | StepSkipped
  | StepCancelled
  | StepRetryScheduled
  | VariablesSet
  | TimerScheduled
  | TimerFired
  | SignalAwaited
  | SignalReceived
  | AdmissionEvent
  | ApprovalEvent
  | ChildEvent;

const FRESH: StepState = {
  status: 'running',
  activity: '',
  visit: 1,
  done: false,
  attempt: 0,
  tries: 0,
  turns: 0,
  fallback: false,
  startedAt: 0,
  output: null,
};

/** The step as the event meets it: one that its branch has gone on from is come to again. */
const met = (known: StepState | undefined): StepState => {
  if (known === undefined) return FRESH;
  if (!known.done) return known;
  const { visit, attempt, turns, block } = known;
  return { ...FRESH, visit: visit + 1, attempt, turns, ...(block === undefined ? {} : { block }) };
};

const UNBEGUN = { begun: 0, completed: 0, failed: 0, cancelled: 0, collected: [] } as const;

/** The keys of a loop's turns count on when the run comes to it again, so that no two of them are taken for one. */
const begunBlock = (
  { turns, block: before }: StepState,
  { facts: { block: kind, chose = [] }, payload }: StepStarted,
): Partial<Pick<StepState, 'turns' | 'block'>> => {
  if (kind === undefined) return {};
  const items = kind === 'foreach' ? (payload?.input as readonly Json[]) : [];
  const made = kind === 'foreach' ? before?.items.length : before?.begun;
  return { block: { ...UNBEGUN, kind, items, chosen: chose }, turns: turns + (made ?? 0) };
};

/** Takes the oldest kept payload away when the step was still waiting for its signal: that one ended it. */
const consumed = (state: ExecutionState, { signal }: StepState): ExecutionState['signals'] => {
  const kept = signal === undefined ? undefined : own(state.signals, signal);
  // There is none when the step timed out, since one would have ended it, also when it came during a pause.
  if (signal === undefined || kept === undefined) return state.signals;
  return { ...state.signals, [signal]: kept.slice(1) };
};

/** Without what it waits for, and for how long. */
const idle = ({
  dueAt: _due,
  signal: _signal,
  queuedAt: _since,
  asks: _asks,
  gate: _gate,
  rateKey: _key,
  priority: _rank,
  child: _child,
  taken: _taken,
  ...step
}: StepState): StepState => step;

/** Without what is only of use to another attempt. */
const over = ({ progress: _progress, overdue: _overdue, ...step }: StepState): StepState => idle(step);

/** With the limit that an event tells of. */
const limited = (deadline: number | undefined): Pick<StepState, 'deadline'> =>
  deadline === undefined ? {} : { deadline };

const completed = (
  state: ExecutionState,
  step: StepState,
  { facts, payload }: StepCompleted,
): ExecutionState => {
  const nth = state.completions + 1;
  return {
    ...settled(state, facts.step, {
      ...over(step),
      status: 'completed',
      attempt: facts.attempt,
      output: payload.output,
    }),
    completions: nth,
    completed: [...state.completed, { step: facts.step, visit: step.visit, output: payload.output, nth }],
    // What was done by hand took no signal.
    signals: facts.by === undefined ? consumed(state, step) : state.signals,
    variables: withVariables(state.variables, payload.variables),
  };
};

const failed = (before: ExecutionState, step: StepState, { facts, payload }: StepFailed): ExecutionState => {
  const state = facts.by === undefined ? { ...before, signals: consumed(before, step) } : before;
  const next: StepState = { ...over(step), status: 'failed', attempt: facts.attempt, error: payload.error };
  if (facts.handled === 'continue') return settled(state, facts.step, next);
  if (facts.handled === 'activity') {
    // A retry of the run makes attempts of both activities once more.
    const told = step.progress === undefined ? {} : { progress: step.progress };
    return withStep(state, facts.step, { ...next, ...told, fallback: true, tries: 0 });
  }
  // The branch that it is in ends with it.
  if (facts.handled === 'block') return withStep(state, facts.step, { ...next, done: true });
  const known = withStep(state, facts.step, next);
  if (facts.handled === 'skip') return known;
  return { ...known, failure: { step: facts.origin ?? facts.step, error: payload.error } };
};

/** Asks for its next attempt. */
const requested = (step: StepState, { facts }: StepRequested): StepState => {
  const { activity, rateKey, lane, priority, dueAt } = facts;
  const { lane: _lane, ...rest } = idle(step);
  return {
    ...rest,
    // Nobody served it until now: it still waits.
    ...(step.queuedAt === undefined ? {} : { queuedAt: step.queuedAt }),
    status: 'queued',
    activity,
    asks: true,
    ...(rateKey === undefined ? {} : { rateKey }),
    ...(lane === undefined ? {} : { lane }),
    ...(priority === undefined ? {} : { priority }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
};

/** Whoever waits for his turn has asked for it, and still does. */
const queued = (step: StepState, { facts }: StepQueued, at: number): StepState => {
  const { activity } = facts;
  const { queuedAt = at } = step;
  if (facts.reason === 'limit') return { ...step, status: 'queued', activity, gate: facts.gate, queuedAt };
  const due = facts.dueAt === undefined ? {} : { dueAt: facts.dueAt };
  return { ...idle(step), status: 'queued', activity, ...due, queuedAt };
};

/** A try that was none of the activity: it asks again when that is due, and has else come to its end. */
const rejected = (step: StepState, { facts, payload }: StepRejected): StepState => {
  const next = { ...idle(step), activity: facts.activity, tries: step.tries + 1, error: payload.error };
  return facts.dueAt === undefined
    ? { ...next, status: 'queued' }
    : { ...next, status: 'retrying', dueAt: facts.dueAt };
};

const childless = ({ child: _child, ...step }: StepState): StepState => step;

/** The execution after something happened to one of its steps. */
export const evolveStep = (before: ExecutionState, event: StepEvent, at: number): ExecutionState => {
  const name = event.facts.step;
  const state = entered(before, name);
  const step = met(stepOf(state, name));
  switch (event.type) {
    case 'step.queued':
      return withStep(state, name, queued(step, event, at));
    case 'step.requested':
      return withStep(state, name, requested(step, event));
    case 'step.admitted':
      return state;
    case 'step.rejected':
      return withStep(state, name, rejected(step, event));
    case 'step.started': {
      const { activity, attempt, fallback, deadline, child } = event.facts;
      const tries = step.tries + 1;
      return withStep(state, name, {
        ...idle(step),
        ...limited(deadline),
        status: 'running',
        activity,
        attempt,
        fallback,
        tries,
        startedAt: at,
        ...takenFrom(event.facts),
        ...(child === undefined ? {} : { child }),
        ...begunBlock(step, event),
      });
    }
    case 'step.heartbeat': {
      const progress = { ...step.progress, [event.facts.activity]: event.payload.progress };
      return withStep(state, name, { ...step, progress });
    }
    case 'step.completed':
      return completed(state, step, event);
    case 'step.failed':
      return failed(state, step, event);
    case 'step.cancelled': {
      const { deadline: _deadline, ...rest } = over(step);
      return withStep(state, name, { ...rest, status: 'cancelled', done: true });
    }
    case 'step.skipped': {
      const { error, ...rest } = over(step);
      // What an operator skips is left out as by its guard, whatever it came to before.
      const isAnswered = event.facts.reason !== 'operator' && error !== undefined;
      const next: StepState = { ...rest, status: 'skipped', output: null };
      return settled(state, name, isAnswered ? { ...next, error } : next);
    }
    case 'step.retry_scheduled': {
      const { attempt, dueAt, uncounted } = event.facts;
      const { child, taken: _taken, ...rest } = step;
      return withStep(state, name, {
        ...rest,
        // What was interrupted is made again, for the same child.
        ...(child === undefined || !uncounted ? {} : { child }),
        status: 'retrying',
        attempt,
        tries: uncounted ? step.tries - 1 : step.tries,
        dueAt,
        // A fallback answers for the error that it was begun for, however often it is tried.
        error: step.fallback ? (step.error ?? event.payload.error) : event.payload.error,
      });
    }
    case 'variables.set':
      return {
        ...settled(state, name, { ...step, status: 'completed', activity: 'set', startedAt: at }),
        variables: withVariables(state.variables, event.payload.variables),
      };
    case 'timer.scheduled':
      return withStep(state, name, { ...step, status: 'waiting', dueAt: event.facts.dueAt });
    case 'timer.fired': {
      const { dueAt: _due, ...rest } = step;
      const { deadline: _deadline, ...unlimited } = step;
      return withStep(state, name, event.facts.purpose === 'step' ? { ...unlimited, overdue: true } : rest);
    }
    case 'signal.awaited':
      return withStep(state, name, { ...step, status: 'waiting', signal: event.facts.signal });
    case 'signal.received': {
      const { signal: _signal, ...rest } = step;
      return withStep(state, name, rest);
    }
    case 'approval.requested':
      return withStep(state, name, { ...step, status: 'waiting', assignees: event.facts.assignees });
    case 'child.started': {
      const { child, awaited } = event.facts;
      return withStep(state, name, awaited ? { ...step, status: 'waiting', child } : childless(step));
    }
    case 'child.ended':
    case 'child.cancel_requested':
      return withStep(state, name, childless(step));
    case 'approval.decided':
    case 'approval.withdrawn': {
      const { assignees: _assignees, ...rest } = step;
      return withStep(state, name, rest);
    }
    default:
      return event satisfies never;
  }
};
