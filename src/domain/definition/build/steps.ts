import type { ActivityStep, SetStep, Step, Template, TemplateFields, WaitStep } from '../definition.ts';
import { ROOTS } from '../expression/member-path.ts';
import { compileTemplate } from '../expression/template.ts';
import { splitTemplate } from '../expression/template-text.ts';
import type { Place } from '../expression/check-names.ts';
import { show } from '../expression/show.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { UNENFORCED_STEP_FIELDS, UNSUPPORTED_STEP_FIELDS } from '../schema/steps.ts';
import { asDuration, asObject, asText, field } from './fields.ts';
import { placeIn, RESERVED, STEP_NAMES, type Outline } from './outline.ts';
import {
  buildFallback,
  buildRetry,
  DEFAULT_ATTEMPT_TIMEOUT,
  refuseUnsupported,
  warnUnenforced,
} from './retry.ts';
import { buildWait } from './wait.ts';

/** What steps share: the definition's outline and its `error_handling.activity_error`. */
export interface StepContext {
  readonly outline: Outline;
  readonly defaults: Json | undefined;
  readonly report: Report;
  /** The field that names a step where it is written. */
  readonly namedBy: 'name' | 'activity';
}

/** Variables, each a template, by name. */
export const buildVariables = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): TemplateFields =>
  Object.fromEntries(
    Object.entries(asObject(value) ?? {}).map(([name, source]) => {
      if (RESERVED.includes(name)) {
        const message = `Expected another name for a variable, but "workflow.${name}" is the run's own.`;
        report.problem([...path, name], 'RESERVED_NAME', message, { key: true });
      }
      return [name, compileTemplate(source, [...path, name], place, report)];
    }),
  );

/** A step; `undefined` for one that cannot be read, which is reported. */
export const buildStep = (value: Json, index: number, path: Path, context: StepContext): Step | undefined => {
  const { outline, report, namedBy } = context;
  const step = asObject(value);
  if (step === undefined) return undefined;
  const name = asText(step['name']);
  if (name !== undefined && outline.steps.indexOf(name) < index) {
    const message = `Expected each step to have a name of its own, but "${name}" is the name of another step too.`;
    report.problem([...path, namedBy], 'DUPLICATE_STEP', message);
  }
  for (const unsupported of UNSUPPORTED_STEP_FIELDS)
    if (Object.hasOwn(step, unsupported)) refuseUnsupported([...path, unsupported], report);
  for (const unenforced of UNENFORCED_STEP_FIELDS)
    if (Object.hasOwn(step, unenforced)) warnUnenforced([...path, unenforced], report);

  const place = placeIn(outline, STEP_NAMES, index);
  const when = buildGuard(step['when'], [...path, 'when'], place, report);
  const base = { name: name ?? '', ...(when === undefined ? {} : { when }) };
  const kinds = ['activity', 'set', 'wait'].filter((kind) => Object.hasOwn(step, kind));
  if (kinds.length > 1) {
    const message = `Expected one kind of step, but found ${kinds.map((kind) => `"${kind}"`).join(' and ')}.`;
    report.problem(path, 'AMBIGUOUS_STEP', message, { key: true });
  }
  if (Object.hasOwn(step, 'set')) return buildSet(base, step, path, place, report);
  if (Object.hasOwn(step, 'wait')) return buildWaitStep(base, step, path, place, report);
  return buildActivity(base, step, path, place, context);
};

type Base = Pick<Step, 'name' | 'when'>;

const buildActivity = (
  base: Base,
  step: JsonObject,
  path: Path,
  place: Place,
  { defaults, report }: StepContext,
): ActivityStep => {
  const timeout = step['timeout'];
  for (const unenforced of ['step', 'queue', 'heartbeat'])
    if (field(timeout, unenforced) !== undefined) warnUnenforced([...path, 'timeout', unenforced], report);
  const input = step['input'];
  const ownFallback = buildFallback(step['fallback'], [...path, 'fallback'], report);
  const fallback = ownFallback ?? buildFallback(field(defaults, 'fallback'), [], SILENT);
  return {
    ...base,
    kind: 'activity',
    activity: asText(step['activity']) ?? base.name,
    ...(input === undefined ? {} : { input: compileTemplate(input, [...path, 'input'], place, report) }),
    output: buildOutput(step, path, place, report),
    attemptTimeout: asDuration(timeout) ?? asDuration(field(timeout, 'attempt')) ?? DEFAULT_ATTEMPT_TIMEOUT,
    retry: buildRetry(step['retry'], field(defaults, 'retry'), [...path, 'retry'], report),
    ...(fallback === undefined ? {} : { fallback }),
  };
};

/** For what was reported where it stands. */
const SILENT: Report = { problem: () => {}, warning: () => {} };

const buildOutput = (step: JsonObject, path: Path, place: Place, report: Report): TemplateFields => {
  const names = [...place.names, 'output' as const];
  return buildVariables(step['output'], [...path, 'output'], { ...place, names }, report);
};

const buildSet = (base: Base, step: JsonObject, path: Path, place: Place, report: Report): SetStep => {
  refuseUnused(step, 'set', ['input', 'output', 'timeout', 'retry', 'fallback'], path, report);
  const variables = field(step['set'], 'variables');
  return {
    ...base,
    kind: 'set',
    variables: buildVariables(variables, [...path, 'set', 'variables'], place, report),
  };
};

const buildWaitStep = (base: Base, step: JsonObject, path: Path, place: Place, report: Report): WaitStep => {
  refuseUnused(step, 'wait', ['input', 'timeout', 'retry', 'fallback'], path, report);
  return {
    ...base,
    kind: 'wait',
    on: buildWait(step['wait'], [...path, 'wait'], place, report),
    output: buildOutput(step, path, place, report),
  };
};

const refuseUnused = (
  step: JsonObject,
  kind: string,
  names: readonly string[],
  path: Path,
  report: Report,
): void => {
  for (const name of names.filter((name) => Object.hasOwn(step, name))) {
    const message = `Expected fields that a "${kind}" step uses, but "${name}" is for steps that call an activity.`;
    report.problem([...path, name], 'FIELD_NOT_USED', message, { key: true });
  }
};

/** A guard is true, false, or one expression and nothing around it. */
const buildGuard = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): Template | undefined => {
  if (typeof value !== 'string')
    return typeof value === 'boolean' ? compileTemplate(value, path, place, report) : undefined;
  requireExpression(value, path, report);
  return compileTemplate(value, path, place, report);
};

const BARE = new RegExp(`^!?(?:${Object.keys(ROOTS).join('|')})\\b`);

/** Reports a text that is not exactly one `${…}`. */
export const requireExpression = (text: string, path: Path, report: Report): boolean => {
  const pieces = splitTemplate(text.trim());
  if (pieces.length === 1 && pieces[0]?.kind !== 'text') return true;
  const isBare = pieces.every(({ kind }) => kind === 'text') && BARE.test(text);
  const hint = isBare ? ` Did you mean "\${${text}}"?` : '';
  const message = `Expected one expression \${…} and nothing around it, but found ${show(text)}.${hint}`;
  report.problem(path, 'BAD_EXPRESSION', message);
  return false;
};
