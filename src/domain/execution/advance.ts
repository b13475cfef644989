import { own } from '../json.ts';
import { begin, isUnderWay } from './begin.ts';
import { failBlock, lookAtBlock } from './blocks/look-at-block.ts';
import { fallbackFor } from './fallback.ts';
import { jump, jumpIn } from './jump.ts';
import { blockOf, branchOf, ROOT } from './path.ts';
import { endBranch } from './settle.ts';
import { nextIn, type Spot } from './spot.ts';
import { stepOf } from './state.ts';
import type { Turn } from './turn.ts';

/** Goes on with everything that can go on; what is under way is left as it is. */
export const advanceAll = (turn: Turn): void => {
  for (const branch of Object.keys(turn.state.branches)) advance(turn, branch);
};

/** Goes on in a branch in which something has settled, and in those around it when they are reached. */
export const advance = (turn: Turn, from: string): void => {
  if (turn.state.status === 'paused') {
    failAround(turn, from);
    return;
  }
  for (let branch = from; ; branch = branchOf(blockOf(branch))) {
    if (own(turn.state.branches, branch) !== undefined && !runBranch(turn, branch)) return;
    if (branch === ROOT || !lookAtBlock(turn, blockOf(branch), runBranch)) return;
  }
};

/** During a pause nothing follows but that what a failure has taken is given up: a retry goes back to before that. */
const failAround = (turn: Turn, from: string): void => {
  for (let branch = from; branch !== ROOT; branch = branchOf(blockOf(branch)))
    if (!failBlock(turn, blockOf(branch))) return;
};

/** Runs a branch until something has to be waited for. Answers whether it is not under way any more. */
const runBranch = (turn: Turn, branch: string): boolean => {
  while (turn.state.status === 'running' && !turn.isFull) {
    const to = jumpIn(turn, branch);
    const spot = to === undefined ? nextIn(turn, branch) : undefined;
    const before = own(turn.state.branches, branch)?.settled ?? 0;
    if (to !== undefined) jump(turn, branch, to);
    else if (spot === undefined) endBranch(turn, branch);
    else {
      if (!isUnderWay(turn, spot.path)) begin(turn, spot);
      lookAtBlock(turn, spot.path, runBranch);
    }
    const now = own(turn.state.branches, branch);
    if (now === undefined) return true;
    if (now.settled === before && (spot === undefined || !isToFallBack(turn, spot))) return false;
  }
  return false;
};

/** Whether a step failed as it began, and the activity that answers for it is to be called yet. */
const isToFallBack = ({ state }: Turn, { step, path }: Spot): boolean => {
  const { status, done, error } = stepOf(state, path) ?? {};
  return status === 'failed' && done === false && fallbackFor(step, error?.type)?.kind === 'activity';
};
