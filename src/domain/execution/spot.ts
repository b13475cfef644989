import type { Step } from '../definition/definition.ts';
import { stepsOfBranch } from '../definition/places.ts';
import { own } from '../json.ts';
import type { ErrorPayload } from './events.ts';
import { blockOf, branchOf, keyOf, lineOf, nameOf, pathIn, ROOT } from './path.ts';
import { phaseOf, stepOf } from './state.ts';
import type { Turn } from './turn.ts';

/** A step of the definition where a run has come to it. */
export interface Spot<S extends Step = Step> {
  readonly step: S;
  readonly path: string;
  /** The branch that it is in. */
  readonly branch: string;
}

/** The step at a path; `undefined` when the definition has none of its name. */
export const spotAt = ({ definition }: Turn, path: string): Spot | undefined => {
  const step = definition.places.get(nameOf(path))?.step;
  return step === undefined ? undefined : { step, path, branch: branchOf(path) };
};

/** The step at a path whose branch is being run, is not about to be given up, and has not gone on from it. */
export const openSpot = (turn: Turn, path: string): Spot | undefined => {
  const branch = branchOf(path);
  if (phaseOf(turn.state) !== 'running' || own(turn.state.branches, branch) === undefined) return undefined;
  if (lineOf(branch).some((around) => isGivenUp(turn, blockOf(around)))) return undefined;
  return stepOf(turn.state, path)?.done === false ? spotAt(turn, path) : undefined;
};

/** Whether branches of a block were given up, or are to be: then the others are too, those that a full turn left to the next. */
const isGivenUp = (turn: Turn, path: string): boolean =>
  (stepOf(turn.state, path)?.block?.cancelled ?? 0) > 0 ||
  stepOf(turn.state, path)?.overdue === true ||
  failureOf(turn, path) !== undefined;

/** Why a block fails because one of its branches has; `undefined` when none has, or when it waits for the others. */
export const failureOf = (
  turn: Turn,
  path: string,
): { readonly error: ErrorPayload; readonly origin: string } | undefined => {
  const { error, origin } = stepOf(turn.state, path)?.block ?? {};
  if (error === undefined || origin === undefined) return undefined;
  const { step } = spotAt(turn, path) ?? {};
  return step !== undefined && 'onError' in step && step.onError === 'collect'
    ? undefined
    : { error, origin };
};

/** The steps that a branch runs. */
export const listOf = ({ definition }: Turn, branch: string): readonly Step[] => {
  if (branch === ROOT) return definition.steps;
  const block = definition.places.get(nameOf(blockOf(branch)))?.step;
  return block === undefined ? [] : stepsOfBranch(block, keyOf(branch));
};

/** The step that a branch is at or comes to next; `undefined` when all have settled. */
export const nextIn = (turn: Turn, branch: string): Spot | undefined => {
  const list = listOf(turn, branch);
  const { last, next } = own(turn.state.branches, branch) ?? {};
  const after = next ?? last;
  const at =
    after === undefined ? 0 : list.findIndex(({ name }) => name === after) + (next === undefined ? 1 : 0);
  const step = list[at];
  return step === undefined ? undefined : { step, path: pathIn(branch, step.name), branch };
};
