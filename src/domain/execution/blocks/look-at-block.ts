import type { ErrorPayload } from '../events.ts';
import { branchAt } from '../path.ts';
import { failOverdue } from '../overdue.ts';
import { cancelBranches, completeStep, giveUp } from '../settle.ts';
import { failureOf, openSpot, type Spot } from '../spot.ts';
import { openBranches, runsBranches, stepOf, type BlockState } from '../state.ts';
import type { Turn } from '../turn.ts';
import { collectedBy, manyOf } from './many.ts';
import { nextTurn } from './next-turn.ts';

/** What follows from where a block's branches are. */
export type Next =
  | { readonly kind: 'begin'; readonly key: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'fail'; readonly error: ErrorPayload; readonly origin?: string };

/** Fails a block that is paused amid its branches, if one of them has failed it; answers whether it did. */
export const failBlock = (turn: Turn, path: string): boolean => {
  const spot = openSpot(turn, path);
  const failure = failureOf(turn, path);
  const known = stepOf(turn.state, path);
  if (spot === undefined || failure === undefined || known === undefined || !runsBranches(known))
    return false;
  if (!cancelBranches(turn, path, 'failed')) return false;
  giveUp(turn, spot, failure.error, failure.origin);
  return true;
};

/** Begins the branches of a block that may begin, and ends it when it is over. Answers whether it is. */
export const lookAtBlock = (
  turn: Turn,
  path: string,
  run: (turn: Turn, branch: string) => boolean,
): boolean => {
  while (turn.state.status === 'running' && !turn.isFull) {
    const spot = openSpot(turn, path);
    const known = stepOf(turn.state, path);
    const block = known?.block;
    if (spot === undefined || known === undefined || block === undefined || !runsBranches(known)) return true;
    if (known.overdue) {
      if (!cancelBranches(turn, path, 'timeout')) return false;
      failOverdue(turn, spot);
      continue;
    }
    const next = nextOf(turn, spot, block);
    if (next.kind === 'wait') return false;
    if (next.kind === 'begin') run(turn, branchAt(path, next.key));
    else {
      if (!cancelBranches(turn, path, next.kind === 'complete' ? 'joined' : 'failed')) return false;
      if (next.kind === 'fail') giveUp(turn, spot, next.error, next.origin);
      else completeStep(turn, spot, collectedBy(spot.step, block));
    }
  }
  return false;
};

const nextOf = (turn: Turn, spot: Spot, block: BlockState): Next => {
  const { step, ...at } = spot;
  const { begun, completed } = block;
  const { keys, needed, concurrency } = manyOf(turn, spot, block);
  if (step.kind !== 'while' && completed >= needed) return { kind: 'complete' };
  const failure = failureOf(turn, at.path);
  if (failure !== undefined) return { kind: 'fail', ...failure };
  if (step.kind === 'while') return nextTurn(turn, { step, ...at }, block);
  const open = openBranches(block);
  const key = open < concurrency ? keys(begun) : undefined;
  if (key !== undefined) return { kind: 'begin', key };
  return open > 0 ? { kind: 'wait' } : { kind: 'fail', error: notEnough(needed, block) };
};

const notEnough = (needed: number, { completed, failed, error }: BlockState): ErrorPayload => ({
  type: 'BranchesFailed',
  message: `Expected ${needed} of the branches to complete, but ${failed} failed and ${completed} completed. The first failed with: ${error?.message ?? ''}`,
  details: { needed, completed, failed, first: error?.type ?? null },
});
