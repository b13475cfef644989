import { advance } from './advance.ts';
import { begin } from './begin.ts';
import type { FireTimer } from './commands.ts';
import { advanceCompensation } from './compensation.ts';
import { openSpot } from './spot.ts';
import { stepOf } from './state.ts';
import { expireApproval } from './steps/approval.ts';
import { fireWait } from './steps/wait.ts';
import { timeOutCompensation, timeOutQueue, timeOutRun, timeOutStep } from './time-out.ts';
import type { Turn } from './turn.ts';

/** A time has come; one that nothing waits for any more changes nothing. */
export const fireTimer = (turn: Turn, command: FireTimer): void => {
  // What comes due during a pause fires when that is over.
  if (turn.state.status === 'paused' || turn.state.status === 'queued') return;
  switch (command.limit) {
    case undefined:
      return goOnAfter(turn, command);
    case 'step':
      return timeOutStep(turn, command);
    case 'queue':
      return timeOutQueue(turn, command);
    case 'run':
      return timeOutRun(turn, command);
    case 'compensation':
      return timeOutCompensation(turn, command);
    default:
      return command.limit satisfies never;
  }
};

/** A retry is due, or a wait is over. */
const goOnAfter = (turn: Turn, { step: path, dueAt }: FireTimer): void => {
  const plan = turn.state.compensation;
  if (turn.state.status === 'compensating') {
    if (plan?.status === 'retrying' && plan.dueAt === dueAt && plan.todo[plan.settled] === path)
      advanceCompensation(turn);
    return;
  }
  const spot = openSpot(turn, path);
  const known = stepOf(turn.state, path);
  if (spot === undefined || known?.dueAt !== dueAt || known.status === 'queued') return;
  const { step, ...at } = spot;
  if (known.status === 'retrying') begin(turn, spot);
  else if (step.kind === 'wait') fireWait(turn, { step, ...at }, dueAt);
  else if (step.kind === 'approval') expireApproval(turn, { step, ...at }, dueAt);
  advance(turn, spot.branch);
};
