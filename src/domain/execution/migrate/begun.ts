import { canonicalText } from '../../definition/canonical.ts';
import type { Definition, Step } from '../../definition/definition.ts';
import { listsIn, pathOf } from '../../definition/places.ts';
import { blockOf, branchOf, keyOf, lineOf, nameOf, pathIn } from '../path.ts';
import { runsBranches, type BranchState, type ExecutionState, type StepState } from '../state.ts';
import type { MigrationReason } from './refused.ts';

/** Why steps that a run has come to cannot be what they are in another version. */
export const changedSteps = (
  current: Definition,
  target: Definition,
  state: ExecutionState,
): readonly MigrationReason[] => {
  const before = [...state.kept.flat(), ...state.completed].map(({ step }) => step);
  const ended = before.filter((path) => !Object.hasOwn(state.steps, path));
  return [
    ...Object.entries(state.steps).flatMap(([path, known]) => changed(current, target, path, known)),
    ...[...new Set(ended)].flatMap((path) => changed(current, target, path)),
    ...Object.entries(state.branches).flatMap(([branch, at]) => jumped(current, target, branch, at)),
  ];
};

const changed = (
  current: Definition,
  target: Definition,
  path: string,
  known?: StepState,
): readonly MigrationReason[] => {
  const was = current.places.get(nameOf(path))?.step;
  const place = target.places.get(nameOf(path));
  if (place === undefined || was === undefined)
    return [reason('STEP_MISSING', path, 'a step that the run has come to', 'the version has none')];
  const { step: is } = place;
  if (kindOf(was) !== kindOf(is)) {
    const expected = `a step of the kind ${kindOf(was)}, as the run has come to it`;
    return [reason('STEP_OF_OTHER_KIND', path, expected, `it is ${kindOf(is)}`)];
  }
  const line = lineOf(branchOf(path)).map((at) => ({ block: nameOf(blockOf(at)), key: keyOf(at) }));
  if (pathOf(nameOf(path), place, line) !== path)
    return [
      reason('STEP_ELSEWHERE', path, 'a step where the run has come to it', 'it stands in another list'),
    ];
  if (known === undefined || known.done) return [];
  if (runsBranches(known)) {
    const isSame = canonicalText(keysOf(was)) === canonicalText(keysOf(is));
    return isSame
      ? []
      : [reason('BRANCHES_CHANGED', path, 'the branches that the run has begun', 'they are others')];
  }
  if (fixedOf(was, known) === fixedOf(is, known)) return [];
  const expected = `what must not change while it ${known.asks ? 'waits to be let through' : 'is under way'}`;
  return [reason('STEP_UNDER_WAY', path, expected, 'that is another')];
};

/** The step that a branch is at was come to because of how the one before it goes on. */
const jumped = (
  current: Definition,
  target: Definition,
  branch: string,
  { last, next }: BranchState,
): readonly MigrationReason[] => {
  if (last === undefined || next !== undefined) return [];
  const [was, is] = [current, target].map(({ places }) => places.get(last)?.step.next);
  return was === is
    ? []
    : [
        reason(
          'NEXT_CHANGED',
          pathIn(branch, last),
          'the step behind which the run is to go on as before',
          'the `next` is another',
        ),
      ];
};

const reason = (
  code: MigrationReason['code'],
  step: string,
  expected: string,
  found: string,
): MigrationReason => ({ code, step, message: `Expected ${expected}, but of "${step}" ${found}.` });

const kindOf = (step: Step): string => (step.kind === 'wait' ? `wait ${step.on.kind}` : step.kind);

const keysOf = (step: Step): readonly string[] => listsIn(step).map(({ key }) => key ?? '');

/** What must not change of a step while the engine is at it, as a text. */
const fixedOf = (step: Step, { asks }: StepState): string => {
  switch (step.kind) {
    case 'activity':
      return asks ? JSON.stringify([step.activity, step.breaker, step.limits, step.rate]) : '';
    case 'emit':
      return step.event;
    case 'workflow':
      return JSON.stringify([step.workflow, step.version, step.wait]);
    default:
      return '';
  }
};
