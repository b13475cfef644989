import type { Step } from './definition.ts';

/** A block that a step is in. */
export interface Around {
  readonly block: string;
  /** The branch of it; `undefined` in a loop, whose turns are told apart by the run only. */
  readonly key?: string;
}

/** Where a step stands in a definition. */
export interface StepPlace {
  readonly step: Step;
  /** The steps that it is one of, in their order, and which of them it is. */
  readonly list: readonly Step[];
  readonly index: number;
  /** The blocks around it, the outermost first. */
  readonly around: readonly Around[];
}

/** The lists of steps in a block, and the branches that run them. */
export const listsIn = (
  step: Step,
): readonly { readonly key?: string; readonly steps: readonly Step[] }[] => {
  switch (step.kind) {
    case 'parallel':
    case 'switch':
      return step.branches;
    case 'foreach':
    case 'while':
      return [{ steps: step.steps }];
    default:
      return [];
  }
};

/** Where each step of a definition stands, by its name. */
export const placesOf = (
  list: readonly Step[],
  around: readonly Around[] = [],
): ReadonlyMap<string, StepPlace> =>
  new Map(
    list.flatMap((step, index): readonly (readonly [string, StepPlace])[] => [
      [step.name, { step, list, index, around }],
      ...listsIn(step).flatMap(({ key, steps }) => [
        ...placesOf(steps, [...around, { block: step.name, ...(key === undefined ? {} : { key }) }]),
      ]),
    ]),
  );

/** The steps that a branch of a block runs. */
export const stepsOfBranch = (block: Step, key: string): readonly Step[] => {
  const list = listsIn(block).find((known) => known.key === undefined || known.key === key);
  return list?.steps ?? [];
};

/**
 * The path of a step as it is seen from a branch, whose `line` are the branches around it, the outermost first.
 * `undefined` for a step of a loop that the branch is not in.
 */
export const pathOf = (
  name: string,
  { around }: StepPlace,
  line: readonly { readonly block: string; readonly key: string }[],
): string | undefined => {
  let path = '';
  let together = true;
  for (const [depth, { block, key }] of around.entries()) {
    const mine = line[depth];
    together &&= mine?.block === block && (key === undefined || key === mine.key);
    const at = together ? mine?.key : key;
    if (at === undefined) return undefined;
    path = `${path}${block}[${at}].`;
  }
  return path + name;
};
