import type { Definition } from '../definition/definition.ts';
import { nameOf } from './path.ts';
import { wholeOf, type CompensationState, type CompletedStep, type ExecutionState } from './state.ts';

/** Whether a definition says what undoes a step. */
export const canBeUndone = ({ compensation }: Definition, step: string): boolean =>
  Object.hasOwn(compensation.byStep, nameOf(step));

type Completed = Pick<ExecutionState, 'completed' | 'kept'>;

const ordered = (definition: Definition, { completed, kept }: Completed): readonly CompletedStep[] => {
  const steps = [...kept.flat(), ...completed].filter(({ step }) => canBeUndone(definition, step));
  const { strategy } = definition.compensation;
  return steps.sort((one, other) => (strategy === 'reverse' ? other.nth - one.nth : one.nth - other.nth));
};

/** While a run is undone that list stays as it is, and may be long. */
const known = new WeakMap<
  Completed['completed'],
  Pick<Completed, 'kept'> & { readonly definition: Definition; readonly steps: readonly CompletedStep[] }
>();

/** Completed steps that have something to undo them, in the order in which that is done. */
const compensable = (definition: Definition, { completed, kept }: Completed): readonly CompletedStep[] => {
  const before = known.get(completed);
  if (before?.kept === kept && before.definition === definition) return before.steps;
  const steps = ordered(definition, { completed, kept });
  known.set(completed, { kept, definition, steps });
  return steps;
};

/** The completed step that is undone now; `undefined` when it is one of the activities after those of the steps. */
export const undoneStep = (definition: Definition, state: ExecutionState): CompletedStep | undefined => {
  const { settled = 0, places } = state.compensation ?? {};
  return compensable(definition, state)[places?.[settled] ?? settled];
};

/** All that undoing a run comes to, in its order: its steps, then the activities after them. */
export const allToUndo = (definition: Definition, state: ExecutionState): readonly string[] => [
  ...compensable(definition, state).map(({ step }) => step),
  ...definition.compensation.activities,
];

/** All that a run is being undone of, also what no event has named yet. */
export const wholePlan = (
  definition: Definition,
  state: ExecutionState,
  plan: CompensationState,
): readonly string[] => {
  const all = allToUndo(definition, state);
  const places = plan.places ?? Array.from({ length: wholeOf(plan) }, (_, n) => n);
  return [...plan.todo, ...places.slice(plan.todo.length).map((at) => all[at] ?? '')];
};

/** What could not be undone, or was not come to yet. */
export const notUndone = (
  definition: Definition,
  state: ExecutionState,
  plan: CompensationState,
): readonly string[] => [...plan.failed, ...wholePlan(definition, state, plan).slice(plan.settled)];

/** Characters of names that an event holds at most, so that it fits into any log however much there is to undo. */
const NAMES = 4_096;

/** The first of these names that one event can hold, at least one. */
export const fitting = (names: readonly string[]): readonly string[] => {
  let room = NAMES;
  const end = names.findIndex((name) => (room -= name.length) < 0);
  return end < 0 ? names : names.slice(0, Math.max(1, end));
};

/** Facts of an end: what was not undone, and how much that is when there is no room for all of it. */
export const leftFacts = (
  names: readonly string[],
): { readonly uncompensated: readonly string[]; readonly uncompensatedCount?: number } => {
  const uncompensated = fitting(names);
  return uncompensated.length === names.length
    ? { uncompensated }
    : { uncompensated, uncompensatedCount: names.length };
};
