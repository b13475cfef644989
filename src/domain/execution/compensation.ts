import type { Definition } from '../definition/definition.ts';
import { own, type Json } from '../json.ts';
import { joined, notifying, type Target } from '../notification/target.ts';
import type { FailAttempt } from './commands.ts';
import type { ErrorPayload } from './events.ts';
import { branchOf, nameOf } from './path.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { scopeOf } from './scope.ts';
import type { CompensationState, CompletedStep, ExecutionState } from './state.ts';
import { evaluatePayload } from './evaluate.ts';
import { elapsedSince, endFacts, type Turn } from './turn.ts';
import { withdrawAll } from './withdraw.ts';

/** Whether a definition says what undoes a step. */
export const canBeUndone = ({ compensation }: Definition, step: string): boolean =>
  Object.hasOwn(compensation.byStep, nameOf(step));

type Completed = Pick<ExecutionState, 'completed' | 'kept'>;

const ordered = (definition: Definition, { completed, kept }: Completed): readonly CompletedStep[] => {
  const steps = [...kept.flat(), ...completed].filter(({ step }) => canBeUndone(definition, step));
  const { strategy } = definition.compensation;
  return steps.sort((one, other) => (strategy === 'reverse' ? other.nth - one.nth : one.nth - other.nth));
};

/** While a run is undone that list stays as it is, and may be long. */
const known = new WeakMap<
  Completed['completed'],
  Pick<Completed, 'kept'> & { readonly definition: Definition; readonly steps: readonly CompletedStep[] }
>();

/** Completed steps that have something to undo them, in the order in which that is done. */
const compensable = (definition: Definition, { completed, kept }: Completed): readonly CompletedStep[] => {
  const before = known.get(completed);
  if (before?.kept === kept && before.definition === definition) return before.steps;
  const steps = ordered(definition, { completed, kept });
  known.set(completed, { kept, definition, steps });
  return steps;
};

/** The completed step that is undone now; `undefined` when it is one of the activities after those of the steps. */
export const undoneStep = (definition: Definition, state: ExecutionState): CompletedStep | undefined => {
  const { settled = 0, places } = state.compensation ?? {};
  return compensable(definition, state)[places?.[settled] ?? settled];
};

/** Attempts so far of what is undone now. */
export const attemptsOf = ({ todo, settled, attempts }: CompensationState): number =>
  own(attempts, todo[settled] ?? '') ?? 0;

/** Begins to undo a run because `step` has failed, or for the `cause`; with nothing to undo that ends at once. */
export const beginCompensation = (turn: Turn, step: string, error: ErrorPayload, cause?: 'cancel'): void => {
  const { definition, state } = turn;
  const undone = compensable(definition, state).map((entry) => entry.step);
  undo(turn, step, error, [...undone, ...definition.compensation.activities], cause);
};

/** Undoes `steps`; `cause` is given when no failure is why. */
export const undo = (
  turn: Turn,
  step: string,
  error: ErrorPayload,
  steps: readonly string[],
  cause?: 'cancel',
): void => {
  const { workflow } = turn.state;
  withdrawAll(turn);
  const facts = { workflow, step, errorType: error.type, steps };
  turn.emit({
    type: 'saga.compensating',
    facts: {
      ...(cause === undefined ? facts : { ...facts, cause }),
      ...notifying(turn.definition.notifications.compensation),
    },
    payload: { error },
  });
  advanceCompensation(turn);
};

/** Completed steps that could not be undone, or were not come to yet. */
export const notUndone = ({ todo, settled, failed }: CompensationState): readonly string[] => [
  ...failed,
  ...todo.slice(settled),
];

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
  const { definition, state, context } = turn;
  const undone = undoneStep(definition, state);
  const ofStep = undone && own(definition.compensation.byStep, nameOf(undone.step));
  const { activity, params } = ofStep ?? { activity: name, params: undefined };
  const facts = { workflow: state.workflow, step: name, activity, attempt: attemptsOf(plan) + 1 };
  if (!context.serves(activity)) {
    if (plan.status !== 'queued')
      turn.emit({ type: 'step.queued', facts: { ...facts, reason: 'no_activity' } });
    return true;
  }
  const input = evaluatePayload<Json | undefined>(turn, () =>
    params?.evaluate(
      scopeOf(turn, branchOf(name), {
        output: undone?.output ?? null,
        ...(undone?.items === undefined ? {} : { items: undone.items }),
        ...(state.failure === undefined ? {} : { error: state.failure.error }),
      }),
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

/** What is said of the attempt to undo a step. */
export const undoingFacts = (turn: Turn, plan: CompensationState, step: string) => ({
  workflow: turn.state.workflow,
  step,
  activity: plan.activity,
  attempt: attemptsOf(plan),
  duration: elapsedSince(turn, plan.startedAt),
});

/** An undoing attempt returned. */
export const completeCompensation = (
  turn: Turn,
  plan: CompensationState,
  step: string,
  output: Json,
): void => {
  turn.emit({ type: 'step.compensated', facts: undoingFacts(turn, plan, step), payload: { output } });
  advanceCompensation(turn);
};

/** An undoing attempt failed: it is tried again by policy, or left undone while the others still run. */
export const failCompensation = (turn: Turn, plan: CompensationState, command: FailAttempt): void => {
  const { step, error } = command;
  const facts = undoingFacts(turn, plan, step);
  if (scheduleRetry(turn, turn.definition.compensation.retry, plan.tries, facts, command)) return;
  turn.emit({
    type: 'step.compensation_failed',
    facts: { ...facts, errorType: error.type },
    payload: { error },
  });
  advanceCompensation(turn);
};

/** Who is told how undoing a run has ended: of one that was called off and wholly undone only who is told of undoing. */
export const toldOfUndoing = ({ definition }: Turn, plan: CompensationState): readonly Target[] => {
  const { failure, compensation } = definition.notifications;
  return plan.cancelled && notUndone(plan).length === 0 ? compensation : joined(failure, compensation);
};

const endCompensation = (turn: Turn, plan: CompensationState): void => {
  const { failure } = turn.state;
  const error = failure?.error ?? { type: 'Unknown', message: '' };
  const told = notifying(toldOfUndoing(turn, plan));
  if (plan.cancelled) {
    const facts = { ...endFacts(turn), uncompensated: plan.failed, ...told };
    turn.emit({ type: 'execution.cancelled', facts, payload: { reason: error.message } });
    return;
  }
  const facts = { ...endFacts(turn), step: failure?.step ?? '', errorType: error.type, ...told };
  if (plan.failed.length === 0) turn.emit({ type: 'saga.compensated', facts });
  else
    turn.emit({
      type: 'execution.failed',
      facts: { ...facts, uncompensated: plan.failed },
      payload: { error },
    });
};
