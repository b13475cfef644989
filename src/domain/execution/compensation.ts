import { own, type Json } from '../json.ts';
import { joined, notifying, type Target } from '../notification/target.ts';
import type { FailAttempt } from './commands.ts';
import type { ErrorPayload } from './events.ts';
import { branchOf, nameOf } from './path.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { scopeOf } from './scope.ts';
import { wholeOf, type CompensationState } from './state.ts';
import { evaluatePayload } from './evaluate.ts';
import { elapsedSince, endFacts, limitedBy, type Turn } from './turn.ts';
import { allToUndo, fitting, leftFacts, notUndone, undoneStep, wholePlan } from './undo-plan.ts';
import { withdrawAll } from './withdraw.ts';
import { workerOf } from './worker.ts';

/** Attempts so far of what is undone now. */
export const attemptsOf = ({ todo, settled, attempts }: CompensationState): number =>
  own(attempts, todo[settled] ?? '') ?? 0;

/** Why a run is undone, when it is not because a step has failed. */
type Cause = 'cancel';

/** Begins to undo a run because `step` has failed, or for the `cause`; with nothing to undo that ends at once. */
export const beginCompensation = (turn: Turn, step: string, error: ErrorPayload, cause?: Cause): void =>
  undo(turn, step, error, allToUndo(turn.definition, turn.state), cause);

/** Undoes `steps`, all that is to be undone; `cause` is given when no failure is why. */
export const undo = (
  turn: Turn,
  step: string,
  error: ErrorPayload,
  steps: readonly string[],
  cause?: Cause,
): void => {
  const { workflow } = turn.state;
  withdrawAll(turn);
  const limit = limitedBy(turn, turn.definition.compensation.timeout);
  const from = turn.state.status === 'queued' ? { from: 'queued' as const } : {};
  const facts = { workflow, step, errorType: error.type, ...from, ...namedOf(steps), ...limit };
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

/** What an event names of what is to be undone; what it has no room for is named when it is come to. */
const namedOf = (names: readonly string[]): { readonly steps: readonly string[]; readonly more?: number } => {
  const steps = fitting(names);
  return steps.length === names.length ? { steps } : { steps, more: names.length - steps.length };
};

/** Starts what is to be undone next, or ends the run when all of it is settled. */
export const advanceCompensation = (turn: Turn): void => {
  for (;;) {
    const plan = turn.state.compensation;
    if (turn.state.status !== 'compensating' || plan === undefined || turn.isFull) return;
    const name = plan.todo[plan.settled];
    if (name === undefined && plan.more === undefined) {
      endCompensation(turn, plan);
      return;
    }
    if (name === undefined) nameMore(turn, plan);
    else if (attempt(turn, plan, name)) return;
  }
};

const nameMore = (turn: Turn, plan: CompensationState): void => {
  const rest = wholePlan(turn.definition, turn.state, plan).slice(plan.todo.length);
  turn.emit({ type: 'saga.continued', facts: { workflow: turn.state.workflow, ...namedOf(rest) } });
};

/** Answers whether the attempt was started or waits for somebody to serve it; if not, it has failed already. */
const attempt = (turn: Turn, plan: CompensationState, name: string): boolean => {
  const { definition, state, context } = turn;
  const undone = undoneStep(definition, state);
  const ofStep = undone && own(definition.compensation.byStep, nameOf(undone.step));
  const { activity, params } = ofStep ?? { activity: name, params: undefined };
  const facts = { workflow: state.workflow, step: name, activity, attempt: attemptsOf(plan) + 1 };
  const worker = context.serves(activity) ? {} : workerOf(context.taken, facts);
  if (worker === undefined) {
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
    facts: { ...facts, ...worker },
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

/** What is being undone is left as it is, whatever its policy says. */
export const leaveUndone = (turn: Turn, plan: CompensationState, error: ErrorPayload): void => {
  const facts = { ...undoingFacts(turn, plan, plan.todo[plan.settled] ?? ''), errorType: error.type };
  turn.emit({ type: 'step.compensation_failed', facts, payload: { error } });
};

/** An undoing attempt failed: it is tried again by policy, or left undone while the others still run. */
export const failCompensation = (turn: Turn, plan: CompensationState, command: FailAttempt): void => {
  const facts = undoingFacts(turn, plan, command.step);
  if (scheduleRetry(turn, turn.definition.compensation.retry, plan.tries, facts, command)) return;
  leaveUndone(turn, plan, command.error);
  advanceCompensation(turn);
};

/** Who is told how undoing a run has ended: of one that was called off and wholly undone only who is told of undoing. */
export const toldOfUndoing = ({ definition }: Turn, plan: CompensationState): readonly Target[] => {
  const { failure, compensation } = definition.notifications;
  const isWhole = plan.settled === wholeOf(plan) && plan.failed.length === 0;
  return plan.cancelled && isWhole ? compensation : joined(failure, compensation);
};

/** Ends the run once all of it is settled, or no more of it is to be. */
export const endCompensation = (turn: Turn, plan: CompensationState): void => {
  const { failure } = turn.state;
  const error = failure?.error ?? { type: 'Unknown', message: '' };
  const told = notifying(toldOfUndoing(turn, plan));
  const left = notUndone(turn.definition, turn.state, plan);
  if (plan.cancelled) {
    const facts = { ...endFacts(turn), ...leftFacts(left), ...told };
    turn.emit({ type: 'execution.cancelled', facts, payload: { reason: error.message } });
    return;
  }
  const facts = { ...endFacts(turn), step: failure?.step ?? '', errorType: error.type, ...told };
  if (left.length === 0) turn.emit({ type: 'saga.compensated', facts });
  else
    turn.emit({
      type: 'execution.failed',
      facts: { ...facts, ...leftFacts(left) },
      payload: { error },
    });
};
