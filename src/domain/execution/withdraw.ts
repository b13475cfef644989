import type { ApprovalWithdrawn } from './approval-events.ts';
import { spotAt } from './spot.ts';
import { stepOf } from './state.ts';
import type { Turn } from './turn.ts';
import { waitFacts } from './wait-facts.ts';

/** Waits no more for the decision or the child that a step waits for, if it does: nobody is asked, and the child is told. */
export const withdraw = (turn: Turn, path: string, reason: Reason): void => {
  const { assignees, child, done = true } = stepOf(turn.state, path) ?? {};
  if (assignees !== undefined)
    turn.emit({ type: 'approval.withdrawn', facts: { ...waitFacts(turn, path), reason } });
  if (child === undefined || done || reason === 'timeout') return;
  const step = spotAt(turn, path)?.step;
  // A child that nobody waits for goes its own way from the moment that it is to be started.
  if (step?.kind !== 'workflow' || !step.wait || step.onCancel === 'abandon') return;
  turn.emit({ type: 'child.cancel_requested', facts: { ...waitFacts(turn, path), child, reason } });
};

type Reason = ApprovalWithdrawn['facts']['reason'];

/** Asks nobody any more for anything, as the run ends or is undone. */
export const withdrawAll = (turn: Turn): void => {
  for (const path of Object.keys(turn.state.steps)) withdraw(turn, path, 'ended');
};
