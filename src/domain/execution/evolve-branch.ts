import { appended, withItem } from '../chunks.ts';
import { own, type Json } from '../json.ts';
import type { BranchEvent } from './branch-events.ts';
import type { StepJumped } from './events.ts';
import { blockOf, branchAt, branchOf, isWithin, nameOf, ROOT } from './path.ts';
import {
  isLoop,
  loopItemsOf,
  stepOf,
  type BlockState,
  type ExecutionState,
  type StepState,
} from './state.ts';

/** With a step as it is now. */
export const withStep = (state: ExecutionState, path: string, step: StepState): ExecutionState => ({
  ...state,
  steps: { ...state.steps, [path]: step },
});

/** With the branch that a step is in, which the first thing that happens in it begins. */
export const entered = (state: ExecutionState, path: string): ExecutionState => {
  const branch = branchOf(path);
  if (own(state.branches, branch) !== undefined) return state;
  const begun = { ...state, branches: { ...state.branches, [branch]: { settled: 0 } } };
  return withBlock(begun, blockOf(branch), (block) => ({ ...block, begun: block.begun + 1 }));
};

/** With a step that its branch goes on from. */
export const settled = (state: ExecutionState, path: string, step: StepState): ExecutionState => {
  const branch = branchOf(path);
  const count = own(state.branches, branch)?.settled ?? 0;
  const {
    asks: _asks,
    gate: _gate,
    rateKey: _key,
    queuedAt: _since,
    lane: _lane,
    priority: _rank,
    deadline: _deadline,
    ...over
  } = step;
  const next = withStep(state, path, { ...over, done: true });
  return { ...next, branches: { ...next.branches, [branch]: { settled: count + 1, last: nameOf(path) } } };
};

/** With a branch that goes on elsewhere than at its next step. */
export const jumped = (state: ExecutionState, { facts }: StepJumped): ExecutionState => {
  const branch = branchOf(facts.to);
  const { settled: count = 0 } = own(state.branches, branch) ?? {};
  const next = { settled: count + 1, next: nameOf(facts.to) };
  return { ...state, branches: { ...state.branches, [branch]: next } };
};

const withBlock = (
  state: ExecutionState,
  path: string,
  change: (block: BlockState) => BlockState,
): ExecutionState => {
  const step = stepOf(state, path);
  if (step?.block === undefined) return state;
  return withStep(state, path, { ...step, block: change(step.block) });
};

/** Without what is no longer there. */
const without = <T>(record: Readonly<Record<string, T>>, isOver: (key: string, value: T) => boolean) => {
  const left = { ...record };
  for (const key of Object.keys(record)) if (isOver(key, record[key] as T)) delete left[key];
  return left;
};

/** What can still be undone of an ended turn is kept for good; the rest of it is forgotten. */
const keptOf = (
  state: ExecutionState,
  branch: string,
  names: readonly string[],
): Pick<ExecutionState, 'completed' | 'kept'> => ({
  completed: state.completed.filter(({ step }) => !isWithin(step, branch)),
  kept: state.completed
    .filter(({ step }) => isWithin(step, branch) && names.includes(step))
    .reduce((all, done) => {
      const items = loopItemsOf(state, branchOf(done.step));
      return appended(all, items.length === 0 ? done : { ...done, items });
    }, state.kept),
});

/** The execution after a branch has ended: of its steps none counts in a loop, and else those that have ended. */
export const evolveBranch = (state: ExecutionState, event: BranchEvent): ExecutionState => {
  const { step: path, branch: key, kept = [] } = event.facts;
  const block = stepOf(state, path)?.block;
  const branch = branchAt(path, key);
  const loop = block !== undefined && isLoop(block);
  const ended: ExecutionState = {
    ...state,
    branches: without(state.branches, (other) => other !== ROOT && covers(branch, other)),
    steps: without(state.steps, (other, { done }) => (loop || !done) && isWithin(other, branch)),
    ...(loop ? keptOf(state, branch, kept) : {}),
  };
  const turns = stepOf(state, path)?.turns ?? 0;
  return withBlock(ended, path, (before) => counted(before, Number(key) - turns, event));
};

const covers = (branch: string, other: string): boolean => other === branch || isWithin(other, branch);

const counted = (block: BlockState, index: number, event: BranchEvent): BlockState => {
  switch (event.type) {
    case 'branch.completed': {
      const { payload } = event;
      const collected =
        payload === undefined
          ? block.collected
          : withItem<Json>(block.collected, index, payload.output, null);
      return { ...block, completed: block.completed + 1, collected };
    }
    case 'branch.failed':
      return {
        error: event.payload.error,
        origin: event.facts.failed,
        ...block,
        failed: block.failed + 1,
      };
    case 'branch.cancelled':
      return { ...block, cancelled: block.cancelled + 1 };
    default:
      return event satisfies never;
  }
};
