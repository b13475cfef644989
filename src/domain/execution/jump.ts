import { own } from '../json.ts';
import { blockOf, branchOf, pathIn, ROOT } from './path.ts';
import { endBranch, completeStep } from './settle.ts';
import { listOf, spotAt } from './spot.ts';
import { stepOf } from './state.ts';
import type { Turn } from './turn.ts';

/** Where a branch goes on instead of at its next step: what the step that has just settled names. */
export const jumpIn = (turn: Turn, branch: string): string | undefined => {
  const { last, next } = own(turn.state.branches, branch) ?? {};
  if (last === undefined || next !== undefined) return undefined;
  const { status, error } = stepOf(turn.state, pathIn(branch, last)) ?? {};
  // A step that its guard skipped has not run, and one that failed came to nothing: the run goes on behind them.
  const hasRun = status === 'completed' || (status === 'skipped' && error !== undefined);
  return hasRun ? turn.definition.places.get(last)?.step.next : undefined;
};

/** Goes on at a step of the branch, or of one around it: the blocks in between end. */
export const jump = (turn: Turn, from: string, name: string): void => {
  const { last = '' } = own(turn.state.branches, from) ?? {};
  let branch = from;
  while (branch !== ROOT && !listOf(turn, branch).some((step) => step.name === name)) {
    const block = spotAt(turn, blockOf(branch));
    endBranch(turn, branch);
    branch = branchOf(blockOf(branch));
    if (block !== undefined) completeStep(turn, block, null);
    // What the block sets may fail it.
    if (own(turn.state.branches, branch)?.last !== block?.step.name) return;
  }
  turn.emit({
    type: 'step.jumped',
    facts: { workflow: turn.state.workflow, step: pathIn(from, last), to: pathIn(branch, name) },
  });
};
