import type { ApprovalWithdrawn } from './approval-events.ts';
import { stepOf } from './state.ts';
import type { Turn } from './turn.ts';
import { waitFacts } from './wait-facts.ts';

/** Asks nobody any more for the decision that a step waits for, if it does. */
export const withdraw = (turn: Turn, path: string, reason: ApprovalWithdrawn['facts']['reason']): void => {
  if (stepOf(turn.state, path)?.assignees === undefined) return;
  turn.emit({ type: 'approval.withdrawn', facts: { ...waitFacts(turn, path), reason } });
};

/** Asks nobody any more for anything, as the run ends or is undone. */
export const withdrawAll = (turn: Turn): void => {
  for (const path of Object.keys(turn.state.steps)) withdraw(turn, path, 'ended');
};
