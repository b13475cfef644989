import { evaluate } from './evaluate.ts';
import { scopeOf } from './scope.ts';
import { completeExecution, failStep } from './settle.ts';
import type { Spot } from './spot.ts';
import { stepOf } from './state.ts';
import { beginApproval } from './steps/approval.ts';
import { beginActivity, beginFallback } from './steps/activity.ts';
import { beginForeach, beginParallel, beginSwitch, beginWhile } from './blocks/begin-block.ts';
import { beginChild } from './steps/child.ts';
import { beginEmit } from './steps/emit.ts';
import { beginFail } from './steps/fail.ts';
import { beginSet } from './steps/set.ts';
import { beginWait } from './steps/wait.ts';
import { notTrueOrFalse } from './truth.ts';
import type { Turn } from './turn.ts';

/** Under way: running, waiting, or to be tried again when its timer fires. */
export const isUnderWay = ({ state }: Turn, path: string): boolean => {
  const { status, done = true } = stepOf(state, path) ?? {};
  return !done && (status === 'running' || status === 'waiting' || status === 'retrying');
};

/** Begins a step, or goes on with one that was queued or that has failed and has a fallback. */
export const begin = (turn: Turn, spot: Spot): void => {
  const known = stepOf(turn.state, spot.path);
  if (known?.done !== false && !mayBegin(turn, spot, (known?.visit ?? 0) + 1)) return;
  if (known?.done === false && known.fallback) beginFallback(turn, spot);
  else beginFresh(turn, spot);
};

const beginFresh = (turn: Turn, { step, ...at }: Spot): void => {
  switch (step.kind) {
    case 'activity':
      return beginActivity(turn, { step, ...at });
    case 'set':
      return beginSet(turn, { step, ...at });
    case 'wait':
      return beginWait(turn, { step, ...at });
    case 'parallel':
      return beginParallel(turn, { step, ...at });
    case 'foreach':
      return beginForeach(turn, { step, ...at });
    case 'switch':
      return beginSwitch(turn, { step, ...at });
    case 'while':
      return beginWhile(turn, { step, ...at });
    case 'fail':
      return beginFail(turn, { step, ...at });
    case 'approval':
      return beginApproval(turn, { step, ...at });
    case 'emit':
      return beginEmit(turn, { step, ...at });
    case 'workflow':
      return beginChild(turn, { step, ...at });
    case 'end':
      return completeExecution(turn);
    default:
      return step satisfies never;
  }
};

/** A guard that is false skips the step; one that is no boolean fails it, and so does a visit too many. */
const mayBegin = (turn: Turn, { step, path, branch }: Spot, visit: number): boolean => {
  if (visit > step.maxVisits) {
    const message = `Expected the run to come to "${step.name}" at most ${step.maxVisits} times, but it has come once more.`;
    failStep(turn, path, { type: 'TooManyVisits', message, details: { limit: step.maxVisits } });
    return false;
  }
  const { when } = step;
  if (when === undefined) return true;
  const holds = evaluate(() => when.evaluate(scopeOf(turn, branch)));
  if (holds.ok && holds.value === true) return true;
  if (holds.ok && holds.value === false) {
    turn.emit({
      type: 'step.skipped',
      facts: { workflow: turn.state.workflow, step: path, reason: 'guard' },
    });
    return false;
  }
  failStep(turn, path, holds.ok ? notTrueOrFalse('when', holds.value) : holds.error);
  return false;
};
