import { advance } from './advance.ts';
import type { FireTimer } from './commands.ts';
import { endCompensation, leaveUndone } from './compensation.ts';
import type { Limit } from './events.ts';
import { failOverdue, timedOut, waitedTooLong } from './overdue.ts';
import { cancelSteps, failRun, giveUp } from './settle.ts';
import { openSpot } from './spot.ts';
import { runsBranches, stepOf } from './state.ts';
import type { Turn } from './turn.ts';

const fired = (turn: Turn, step: string, dueAt: number, purpose: Limit): void =>
  turn.emit({ type: 'timer.fired', facts: { workflow: turn.state.workflow, step, dueAt, purpose } });

/** The time of a step is over, whatever it is at: what is under way is told to end, and no attempt follows. */
export const timeOutStep = (turn: Turn, { step: path, dueAt }: FireTimer): void => {
  const spot = openSpot(turn, path);
  const known = stepOf(turn.state, path);
  if (spot === undefined || known?.deadline !== dueAt) return;
  fired(turn, path, dueAt, 'step');
  // A block is when its branches are given up, which may take more than this turn.
  if (!runsBranches(known)) failOverdue(turn, spot);
  advance(turn, spot.branch);
};

/** Nobody came to serve a step's activity in time, or what limits it did not let it through. */
export const timeOutQueue = (turn: Turn, { step: path, dueAt }: FireTimer): void => {
  const spot = openSpot(turn, path);
  const known = stepOf(turn.state, path);
  if (spot === undefined || known?.status !== 'queued' || known.dueAt !== dueAt) return;
  fired(turn, path, dueAt, 'queue');
  const message = `Expected somebody to serve "${known.activity}" in time, but nobody did.`;
  giveUp(turn, spot, known.asks ? waitedTooLong(spot, known) : timedOut('queue', message));
  advance(turn, spot.branch);
};

/** The time of a run is over: it is undone or it fails, whatever is under way. */
export const timeOutRun = (turn: Turn, { dueAt }: FireTimer): void => {
  const { state, definition } = turn;
  if (state.status !== 'running' || state.deadline !== dueAt) return;
  fired(turn, '', dueAt, 'run');
  const message = `Expected the run to take at most ${definition.runTimeout} ms, but it took longer.`;
  const error = timedOut('run', message);
  cancelSteps(turn, 'timeout');
  failRun(turn, '', error);
};

/** The time of an undoing is over: what is being undone has failed, and what is left is left. */
export const timeOutCompensation = (turn: Turn, { dueAt }: FireTimer): void => {
  const { status, compensation: plan } = turn.state;
  if (status !== 'compensating' || plan?.deadline !== dueAt) return;
  fired(turn, '', dueAt, 'compensation');
  const message = `Expected the undoing to take at most ${turn.definition.compensation.timeout} ms, but it took longer.`;
  if (plan.status === 'running') leaveUndone(turn, plan, timedOut('compensation', message));
  endCompensation(turn, turn.state.compensation ?? plan);
};
