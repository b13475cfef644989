import { Rejection } from '../../rejection.ts';
import { advance } from '../advance.ts';
import type { CompleteStep, FailStep, SkipStep } from '../commands.ts';
import type { ErrorPayload } from '../events.ts';
import { cancelBranches, complete, giveUp, type Hand } from '../settle.ts';
import { phaseOf, runsBranches, stepOf } from '../state.ts';
import { elapsedSince, type Turn } from '../turn.ts';
import { withdraw } from '../withdraw.ts';
import { requireOpenStep } from './open-step.ts';
import { completeUndoing, failUndoing, undoByHand } from './undo-by-hand.ts';

/** Leaves out a step that is under way: its call is told to end, its branches are given up. Skipped again it stays so. */
export const skipStep = (turn: Turn, { step: path, reason }: SkipStep): void => {
  const { status: before, done } = stepOf(turn.state, path) ?? {};
  if (phaseOf(turn.state) === 'running' && before === 'skipped' && done) return;
  const spot = requireOpenStep(turn, path);
  giveUpBranches(turn, path);
  const { status, activity = '' } = stepOf(turn.state, path) ?? {};
  const { attempt, duration } = handOf(turn, path, reason).facts;
  const facts = { workflow: turn.state.workflow, step: path, reason: 'operator' as const };
  const isTried = status === 'running' || status === 'waiting';
  withdraw(turn, path, 'ended');
  turn.emit({
    type: 'step.skipped',
    facts: isTried ? { ...facts, activity, attempt, duration } : facts,
    payload: { reason },
  });
  advance(turn, spot.branch);
};

/** Completes a step that is under way with an output that somebody gives. Throws `INVALID_OUTPUT` when the step cannot take it. */
export const completeStepByHand = (turn: Turn, { step: path, output, reason }: CompleteStep): void => {
  if (undoByHand(turn, path, (plan) => completeUndoing(turn, plan, path, output, reason))) return;
  const spot = requireOpenStep(turn, path);
  giveUpBranches(turn, path);
  const error = complete(turn, spot, output, handOf(turn, path, reason));
  if (error !== undefined) throw notTaken(path, error);
  advance(turn, spot.branch);
};

const notTaken = (path: string, { type, message, details = null }: ErrorPayload): Rejection =>
  new Rejection(
    type === 'PayloadTooLarge' ? 'PAYLOAD_TOO_LARGE' : 'INVALID_OUTPUT',
    `Expected an output that "${path}" can take, but this one cannot be: ${message}`,
    { field: 'output', found: details, expected: 'what the `output:` of the step reads' },
  );

/** Fails a step that is under way for good: its fallback answers for it, or what it is in fails as by any failure. */
export const failStepByHand = (turn: Turn, { step: path, error, reason }: FailStep): void => {
  if (undoByHand(turn, path, (plan) => failUndoing(turn, plan, path, error, reason))) return;
  const spot = requireOpenStep(turn, path);
  giveUpBranches(turn, path);
  giveUp(turn, spot, error, path, handOf(turn, path, reason));
  advance(turn, spot.branch);
};

const giveUpBranches = (turn: Turn, path: string): void => {
  const known = stepOf(turn.state, path);
  if (known !== undefined && runsBranches(known)) cancelBranches(turn, path, 'operator');
};

/** What is done by hand ends the attempt that is under way, or stands for the one that would come next. */
const handOf = (turn: Turn, path: string, reason: string): Hand => {
  const { status, attempt = 0, startedAt = 0 } = stepOf(turn.state, path) ?? {};
  const isTried = status === 'running' || status === 'waiting';
  return {
    facts: {
      by: 'operator',
      attempt: isTried ? attempt : attempt + 1,
      duration: isTried ? elapsedSince(turn, startedAt) : 0,
    },
    payload: { reason },
  };
};
