import type { ApprovalWithdrawn } from './approval-events.ts';
import { stepOf, type ExecutionState } from './state.ts';
import type { Turn } from './turn.ts';

/** Which of a step's attempts waits, when it is not the first. */
export const waitingAttempt = (state: ExecutionState, path: string): { readonly attempt?: number } => {
  const { attempt = 1 } = stepOf(state, path) ?? {};
  return attempt > 1 ? { attempt } : {};
};

/** Asks nobody any more for the decision that a step waits for, if it does. */
export const withdraw = (turn: Turn, path: string, reason: ApprovalWithdrawn['facts']['reason']): void => {
  const { state } = turn;
  if (stepOf(state, path)?.assignees === undefined) return;
  const facts = { workflow: state.workflow, step: path, ...waitingAttempt(state, path), reason };
  turn.emit({ type: 'approval.withdrawn', facts });
};

/** Asks nobody any more for anything, as the run ends or is undone. */
export const withdrawAll = (turn: Turn): void => {
  for (const path of Object.keys(turn.state.steps)) withdraw(turn, path, 'ended');
};
