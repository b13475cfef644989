import { own } from '../json.ts';
import type { ExecutionRetried, OperatorEvent } from './operator-events.ts';
import { runsBranches, stepOf, type ExecutionState, type StepState } from './state.ts';

/** Without what is known of a pause. */
export const unpaused = ({ paused: _over, ...state }: ExecutionState): ExecutionState => state;

/** The execution after an operator paused it, let it go on, retried it, or gave it another version. */
export const evolveOperator = (state: ExecutionState, event: OperatorEvent, at: number): ExecutionState => {
  switch (event.type) {
    case 'execution.paused':
      return { ...state, status: 'paused', paused: { from: event.facts.from, at } };
    case 'execution.resumed':
      return { ...unpaused(state), status: event.facts.to };
    case 'execution.retried':
      return event.facts.compensates === undefined ? retried(state, event) : undone(state);
    case 'execution.migrated':
      return { ...state, definition: event.facts.definition };
    default:
      return event satisfies never;
  }
};

const undone = ({ failing: _over, ...state }: ExecutionState): ExecutionState => ({
  ...state,
  status: 'running',
});

const limited = (deadline: number | undefined): { readonly deadline?: number } =>
  deadline === undefined ? {} : { deadline };

/** As it was before the step failed that it failed of, but for the variables and the version, which may be others since. */
const retried = (state: ExecutionState, { facts }: ExecutionRetried): ExecutionState => {
  if (state.failing === undefined) return { ...state, status: 'running' };
  const { step, before } = state.failing;
  const { deadline: _over, ...known } = unpaused(before);
  return {
    ...known,
    ...limited(facts.deadline),
    status: 'running',
    definition: state.definition,
    variables: state.variables,
    signals: returned(state, before, step),
    steps: Object.fromEntries(
      Object.entries(before.steps).map(([path, known]) => {
        const deadline = own(facts.deadlines ?? {}, path);
        const counted = { ...known, attempt: attemptsOf(state, path, known) };
        return [path, again(counted, path === step, deadline)];
      }),
    ),
  };
};

/** What failed by hand before its first call stands for an attempt, whose number no other one has. */
const attemptsOf = (state: ExecutionState, path: string, { attempt }: StepState): number =>
  Math.max(attempt, stepOf(state, path)?.attempt ?? 0);

/** What was under way was told to end: it begins once more, with as many tries as at first. What failed, from its own activity. */
const again = (step: StepState, hasFailed: boolean, deadline: number | undefined): StepState => {
  if (step.done) return step;
  const { deadline: _over, overdue: _late, ...unlimited } = step;
  if (runsBranches(step) && !hasFailed) return { ...unlimited, ...limited(deadline) };
  const {
    dueAt: _due,
    signal: _signal,
    assignees: _asked,
    asks: _asks,
    gate: _gate,
    child: _child,
    taken: _taken,
    rateKey: _key,
    queuedAt: _since,
    lane: _lane,
    priority: _rank,
    error,
    ...rest
  } = unlimited;
  const next: StepState = { ...rest, status: 'cancelled', tries: 0 };
  if (hasFailed) return { ...next, fallback: false };
  return error === undefined ? next : { ...next, error };
};

/** A signal that the failed step had taken, though it came before it, is there for it again. */
const returned = (state: ExecutionState, before: ExecutionState, path: string): ExecutionState['signals'] => {
  const { signal } = stepOf(before, path) ?? {};
  const [taken] = signal === undefined ? [] : (own(before.signals, signal) ?? []);
  if (signal === undefined || taken === undefined) return state.signals;
  return { ...state.signals, [signal]: [taken, ...(own(state.signals, signal) ?? [])] };
};
