import { notifying } from '../../notification/target.ts';
import type { Cancel, Terminate } from '../commands.ts';
import { beginCompensation, toldOfUndoing } from '../compensation.ts';
import { cancelSteps } from '../settle.ts';
import { phaseOf } from '../state.ts';
import { endFacts, type Turn } from '../turn.ts';
import { leftFacts, notUndone } from '../undo-plan.ts';
import { withdrawAll } from '../withdraw.ts';
import { leavePause } from './pause.ts';
import { isBeingUndone, requireActive } from './refuse.ts';

/** Type of the error that those who undo a cancelled run are told of. */
const CANCELLED = 'Cancelled';

/** Calls an execution off: it ends as cancelled, with what it did undone before if that is wanted. */
export const cancel = (turn: Turn, { reason, compensate = false }: Cancel): void => {
  requireActive(turn);
  if (phaseOf(turn.state) === 'compensating') {
    if (compensate && turn.state.compensation?.cancelled === true) return;
    throw isBeingUndone(turn, 'wait for its end, or terminate it, which leaves the rest as it is');
  }
  if (!compensate) {
    withdrawAll(turn);
    turn.emit({ type: 'execution.cancelled', facts: endFacts(turn), payload: { reason } });
    return;
  }
  leavePause(turn, reason);
  // After a failure during a pause nothing is under way.
  if (turn.state.failure === undefined) cancelSteps(turn, 'operator');
  beginCompensation(turn, '', { type: CANCELLED, message: reason }, 'cancel');
};

/** Ends an execution at once, whatever it is about; nothing is undone, or nothing more. */
export const terminate = (turn: Turn, { reason }: Terminate): void => {
  requireActive(turn);
  withdrawAll(turn);
  const { definition, state } = turn;
  const { compensation } = state;
  const undoing = compensation && {
    ...leftFacts(notUndone(definition, state, compensation)),
    ...notifying(toldOfUndoing(turn, compensation)),
  };
  turn.emit({
    type: 'execution.cancelled',
    facts: { ...endFacts(turn), terminated: true, ...undoing },
    payload: { reason },
  });
};
