import type { Definition, Step, SwitchStep, Template } from './definition.ts';
import type { Json } from '../json.ts';
import { constantOf } from './expression/constant.ts';

/** Why no run comes to a step. */
export type Barrier =
  | { readonly kind: 'guard' }
  | { readonly kind: 'behind'; readonly step: string; readonly is: 'end' | 'fail' | 'next' | 'block' }
  | { readonly kind: 'case' };

/** Jumps may lead back to ever more steps; of a definition with so many nothing is known. */
const MOST_PASSES = 100;

/**
 * The steps that no run can come to, and why; steps in such a step are not named besides. What cannot be known
 * beforehand is taken for possible, so that each of them is certain.
 */
export const neverReached = ({ steps, onError }: Definition): ReadonlyMap<string, Barrier> => {
  const targets = new Set<string>();
  const constants = new Map<Template, Json | undefined>();
  let barriers = new Map<string, Barrier>();

  const always = (condition: Template, value: boolean): boolean => {
    if (!constants.has(condition)) constants.set(condition, constantOf(condition.source));
    return constants.get(condition) === value;
  };

  /** Whether a run can come to the end of a list that it comes to. */
  const ends = (list: readonly Step[]): boolean => {
    let barrier: Barrier | undefined;
    for (const step of list) {
      if (barrier === undefined || targets.has(step.name)) barrier = pass(step);
      else barriers.set(step.name, barrier);
    }
    return barrier === undefined;
  };

  /** What keeps a run that comes to a step from the one behind it; `undefined` when nothing does. */
  const pass = (step: Step): Barrier | undefined => {
    const { name, when, next, kind } = step;
    if (when !== undefined && always(when, false)) {
      barriers.set(name, { kind: 'guard' });
      return undefined;
    }
    const isOver = completes(step);
    if (isOver && next !== undefined) targets.add(next);
    const isSkipped = when !== undefined && !always(when, true);
    const isPassed = onError === 'continue' && kind !== 'end';
    if (isSkipped || isPassed || (isOver && next === undefined)) return undefined;
    const is = kind === 'end' || kind === 'fail' ? kind : isOver ? 'next' : 'block';
    return { kind: 'behind', step: name, is };
  };

  const completes = (step: Step): boolean => {
    switch (step.kind) {
      case 'end':
      case 'fail':
        return false;
      case 'parallel': {
        const ended = step.branches.filter(({ steps: list }) => ends(list));
        return ended.length >= step.join || step.fallback !== undefined;
      }
      case 'switch':
        return chooses(step) || step.fallback !== undefined;
      case 'while':
        if (always(step.condition, false)) leaveOut(step.steps);
        else ends(step.steps);
        return !always(step.condition, true) || step.fallback !== undefined;
      case 'foreach':
        ends(step.steps);
        return true;
      default:
        return true;
    }
  };

  const leaveOut = (list: readonly Step[]): void => {
    for (const { name } of list) barriers.set(name, { kind: 'case' });
  };

  /** Whether a `switch` can come to its end, by one of the choices that it can make. */
  const chooses = ({ branches, match }: SwitchStep): boolean => {
    const hasElse = branches.some(({ when }) => when === undefined);
    let isSure = false;
    let certain = true;
    let possible = false;
    for (const { when, steps: list } of branches) {
      const isLeftOut = when === undefined ? isSure : always(when, false) || (isSure && match === 'first');
      if (isLeftOut) {
        leaveOut(list);
        continue;
      }
      const isOver = ends(list);
      const isChosen = when !== undefined && always(when, true);
      if (isChosen) certain &&= isOver;
      isSure ||= isChosen;
      possible ||= isOver;
    }
    if (isSure && match === 'all') return certain;
    return possible || !(isSure || hasElse);
  };

  // A jump back may lead to what was taken for out of reach.
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const known = targets.size;
    barriers = new Map();
    ends(steps);
    if (targets.size === known) return barriers;
  }
  return new Map();
};
