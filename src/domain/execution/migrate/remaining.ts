import type { BlockStep, Definition, Step } from '../../definition/definition.ts';
import { listsIn, stepsOfBranch } from '../../definition/places.ts';
import { own } from '../../json.ts';
import { blockOf, keyOf, nameOf, pathIn, ROOT } from '../path.ts';
import { isLoop, runsBranches, stepOf, type BlockState, type ExecutionState } from '../state.ts';

/** The steps of a definition that a run which stands like this may still come to, those under way among them. */
export const remainingSteps = (definition: Definition, state: ExecutionState): ReadonlySet<Step> => {
  const remaining = new Set<Step>();
  const whole = new Set<Step>();

  const addFrom = (name: string): void => {
    const place = definition.places.get(name);
    if (place !== undefined) addAll(place.list.slice(place.index));
  };

  /** A step with all that is in it. */
  const addAll = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (whole.has(step)) continue;
      whole.add(step);
      remaining.add(step);
      for (const inner of listsIn(step)) addAll(inner.steps);
      if (step.next !== undefined) addFrom(step.next);
    }
  };

  const addBranch = (branch: string): void => {
    for (const step of restOf(definition, state, branch)) {
      const known = stepOf(state, pathIn(branch, step.name));
      const block = known !== undefined && runsBranches(known) ? known.block : undefined;
      if (block === undefined || !isBlock(step)) addAll([step]);
      else {
        remaining.add(step);
        for (const steps of notBegun(step, block)) addAll(steps);
        if (step.next !== undefined) addFrom(step.next);
      }
    }
  };

  for (const branch of Object.keys(state.branches)) addBranch(branch);
  return remaining;
};

const isBlock = (step: Step): step is BlockStep => listsIn(step).length > 0;

/** Lists of a block that branches of it may still run, besides those that do. */
const notBegun = (step: BlockStep, block: BlockState): readonly (readonly Step[])[] => {
  if (isLoop(block)) return listsIn(step).map(({ steps }) => steps);
  const keys = step.kind === 'switch' ? block.chosen : listsIn(step).map(({ key }) => key ?? '');
  return keys.slice(block.begun).map((key) => stepsOfBranch(step, key));
};

/** What a branch is at, and what comes behind it. */
const restOf = (definition: Definition, state: ExecutionState, branch: string): readonly Step[] => {
  const block = branch === ROOT ? undefined : definition.places.get(nameOf(blockOf(branch)))?.step;
  const list =
    branch === ROOT ? definition.steps : block === undefined ? [] : stepsOfBranch(block, keyOf(branch));
  const { last, next } = own(state.branches, branch) ?? {};
  if (next !== undefined) return list.slice(list.findIndex(({ name }) => name === next));
  return list.slice(list.findIndex(({ name }) => name === last) + 1);
};
