import { own } from '../../json.ts';
import { advanceAll } from '../advance.ts';
import type { Pause, Resume } from '../commands.ts';
import { advanceCompensation } from '../compensation.ts';
import { completeStep, failRun } from '../settle.ts';
import { openSpot } from '../spot.ts';
import { phaseOf } from '../state.ts';
import { elapsedSince, type Turn } from '../turn.ts';
import { requireActive } from './refuse.ts';

/** Begins nothing more until the execution is resumed; one that is paused stays so. */
export const pause = (turn: Turn, { reason }: Pause): void => {
  requireActive(turn);
  const { status, workflow } = turn.state;
  if (status !== 'queued' && status !== 'running' && status !== 'compensating') return;
  turn.emit({ type: 'execution.paused', facts: { workflow, from: status }, payload: { reason } });
};

/** Goes on with what an execution was about, and with what came to an end or came in meanwhile; one that is not paused goes on. */
export const resume = (turn: Turn, command: Resume): void => {
  requireActive(turn);
  if (!leavePause(turn, command.reason)) return;
  const { failure, compensation } = turn.state;
  if (phaseOf(turn.state) === 'compensating') {
    if (compensation?.status === 'idle' || compensation?.status === 'queued') advanceCompensation(turn);
  } else if (failure !== undefined) failRun(turn, failure.step, failure.error);
  else {
    takeSignals(turn);
    advanceAll(turn);
  }
};

/** Records that a pause is over; answers whether there was one. */
export const leavePause = (turn: Turn, reason: string): boolean => {
  const { status, paused, workflow } = turn.state;
  if (status !== 'paused' || paused === undefined) return false;
  const facts = { workflow, to: paused.from, pausedAt: paused.at, duration: elapsedSince(turn, paused.at) };
  turn.emit({ type: 'execution.resumed', facts, payload: { reason } });
  return true;
};

/** Ends the waits whose signal came during the pause: before their time-outs, which were not to fire either. */
const takeSignals = (turn: Turn): void => {
  for (const path of Object.keys(turn.state.steps)) {
    const spot = openSpot(turn, path);
    const { signal } = turn.state.steps[path] ?? {};
    const kept = signal === undefined ? undefined : own(turn.state.signals, signal)?.[0];
    if (spot !== undefined && kept !== undefined) completeStep(turn, spot, kept);
  }
};
