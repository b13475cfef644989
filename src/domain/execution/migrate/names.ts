import { RESERVED } from '../../definition/build/outline.ts';
import type { Definition, Step } from '../../definition/definition.ts';
import { readsOfCompensation, readsOfOutput, readsOfStep, type Read } from '../../definition/reads.ts';
import { nameOf } from '../path.ts';
import { phaseOf, type ExecutionState } from '../state.ts';
import type { MigrationReason } from './refused.ts';
import { remainingSteps } from './remaining.ts';

/** Names that what is left of a run reads, and that neither it nor anything before gives. */
export const missingNames = (
  current: Definition,
  target: Definition,
  state: ExecutionState,
): readonly MigrationReason[] => {
  // What fails it with its own version, too, is not held against the other.
  const known = new Set(missingIn(current, state).map(({ step, of, name }) => `${step} ${of}.${name}`));
  return missingIn(target, state).flatMap((missing) => {
    const { step, of, name } = missing;
    return known.has(`${step} ${of}.${name}`) ? [] : [reasonOf(missing)];
  });
};

interface Missing extends Read {
  /** The step whose expression it is; empty for what the run gives. */
  readonly step: string;
}

const missingIn = (definition: Definition, state: ExecutionState): readonly Missing[] => {
  const remaining = phaseOf(state) === 'compensating' ? new Set<Step>() : remainingSteps(definition, state);
  const before = [...state.kept.flat(), ...state.completed].map(({ step }) => nameOf(step));
  const undone = new Set([...before, ...[...remaining].map(({ name }) => name)]);
  const variables = new Set([
    ...RESERVED,
    ...Object.keys(state.variables),
    ...[...remaining].flatMap(variablesSetBy),
  ]);
  const steps = new Set([
    ...Object.keys(state.steps).map(nameOf),
    ...before,
    ...[...remaining].map(({ name }) => name),
  ]);
  const isThere = ({ of, name }: Read): boolean => (of === 'workflow' ? variables : steps).has(name);
  const ofOutput = phaseOf(state) === 'compensating' ? [] : readsOfOutput(definition);
  const reads = [
    ...ofOutput.map((read) => ({ ...read, step: '' })),
    ...[...remaining].flatMap((step) => readsOfStep(step).map((read) => ({ ...read, step: step.name }))),
    ...[...undone].flatMap((step) =>
      readsOfCompensation(definition, step).map((read) => ({ ...read, step })),
    ),
  ];
  const missing = reads.filter((read) => !isThere(read));
  return [...new Map(missing.map((read) => [`${read.step} ${read.of}.${read.name}`, read])).values()];
};

const variablesSetBy = (step: Step): readonly string[] => [
  ...Object.keys(step.output),
  ...(step.kind === 'set' ? Object.keys(step.variables) : []),
];

const reasonOf = ({ step, of, name }: Missing): MigrationReason => {
  const reader = step === '' ? 'the `output` of the run' : `"${step}"`;
  return of === 'workflow'
    ? {
        code: 'VARIABLE_NEVER_SET',
        step,
        message: `Expected "workflow.${name}", which ${reader} reads, to be set by then, but nothing that has run or is still to run sets it.`,
      }
    : {
        code: 'STEP_NEVER_RUN',
        step,
        message: `Expected "${name}", which ${reader} reads, to have run by then, but the run has passed it.`,
      };
};
