import { own } from '../../json.ts';
import type { Path, Pointer, Report } from '../report.ts';
import { didYouMean } from '../suggest.ts';
import { FUNCTIONS, isFunction, TYPES } from './environment.ts';
import type { Expression } from './expression.ts';
import { ROOTS } from './member-path.ts';
import type { Reference } from './references.ts';

/** Where an expression stands, and so what it may speak of. */
export interface Place {
  readonly names: readonly string[];
  /** Every step of the definition. */
  readonly steps: ReadonlySet<string>;
  /** Those that have ended when the expression is evaluated. */
  readonly ended: ReadonlySet<string>;
  /** Variables that the definition sets anywhere. */
  readonly variables: ReadonlySet<string>;
}

/** Points at an offset of the expression. */
export type PointTo = (offset: number) => Pointer;

const ONLY: Readonly<Record<string, string>> = {
  events: 'only known in runs of a workflow whose trigger has a "batch"',
  workflow: 'only known once the run has started',
  steps: 'only known once steps have run',
  output: 'only known in "output:" and in the parameters of a compensation',
  error: 'only known where an error is handled',
  item: 'only known inside of a "foreach"',
  index: 'only known inside of a "foreach"',
};

/** Reports names, steps and functions that an expression cannot speak of in its place. */
export const checkNames = (
  { uses }: Expression,
  path: Path,
  place: Place,
  report: Report,
  at: PointTo,
): void => {
  for (const { name, offset } of uses.calls) {
    if (!/^[a-z]/i.test(name) || isFunction(name)) continue;
    const message = `Expected the name of a function, but found "${name}".${didYouMean(name, FUNCTIONS)}`;
    report.problem(path, 'UNKNOWN_FUNCTION', message, at(offset));
  }
  for (const { name, offset } of uses.messages) {
    const message = `Expected a list, a map or a plain value, but "${name}{…}" makes a message.`;
    report.problem(path, 'NOT_SUPPORTED', message, at(offset));
  }
  for (const reference of uses.references) checkReference(reference, path, place, report, at);
};

const checkReference = (
  { names, offset, isTested }: Reference,
  path: Path,
  place: Place,
  report: Report,
  at: PointTo,
): void => {
  const [root = '', member] = names;
  if (!place.names.includes(root)) {
    if (names.length === 1 && TYPES.includes(root)) return;
    report.problem(path, 'UNKNOWN_NAME', unknownName(root, place), at(offset));
    return;
  }
  if (member === undefined) return;
  if (root === 'steps' && !isTested) checkStep(member, path, place, report, at(offset));
  if (root === 'workflow' && !isTested && !place.variables.has(member)) {
    const message = `Expected a variable that this definition sets, but nothing sets "workflow.${member}".`;
    report.warning(path, 'UNKNOWN_VARIABLE', message + didYouMean(member, place.variables), at(offset));
  }
};

const unknownName = (name: string, { names }: Place): string => {
  const allowed = names.map((known) => `"${known}"`).join(', ');
  const expected = `Expected one of ${allowed} here, but found "${name}"`;
  const why = own(ONLY, name) ?? (Object.hasOwn(ROOTS, name) ? 'not known in this place' : undefined);
  if (why !== undefined) return `${expected}, which is ${why}.`;
  return `${expected}.${didYouMean(name, Object.keys(ROOTS))}`;
};

const checkStep = (
  name: string,
  path: Path,
  { steps, ended }: Place,
  report: Report,
  pointer: Pointer,
): void => {
  if (!steps.has(name)) {
    const message = `Expected the name of a step, but there is no step "${name}".${didYouMean(name, steps)}`;
    report.problem(path, 'UNKNOWN_STEP', message, pointer);
  } else if (!ended.has(name)) {
    const message = `Expected a step that has run by then, but "${name}" has not.`;
    report.problem(path, 'STEP_NOT_RUN_YET', message, pointer);
  }
};
