import type { ActivityStep, ApprovalStep, EmitStep, FailStep, Step, WaitStep } from '../definition.ts';
import { buildChild } from './child.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { UNENFORCED_STEP_FIELDS } from '../schema/steps.ts';
import { buildBlock } from './blocks.ts';
import { buildCondition } from './condition.ts';
import { asDuration, asNumber, asObject, asText, field } from './fields.ts';
import { buildNeeds } from './requests.ts';
import { buildIsolation, warnOfResources } from './isolation.ts';
import { buildMaxActivities } from './concurrency.ts';
import { buildBreaker, buildBulkhead, buildRate } from './flow.ts';
import { hasEntry, hasOneTime, KINDS, kindOf, refuseUnused } from './kinds.ts';
import { checkNext } from './next.ts';
import { endedIn, placeIn, STEP_NAMES, type Outline } from './outline.ts';
import { buildFallback, buildRetry, warnUnenforced } from './retry.ts';
import { buildTimeouts, buildWholeTimeout } from './timeouts.ts';
import { buildVariables } from './variables.ts';
import { buildWait } from './wait.ts';
import type { Base, Written } from './written.ts';

/** What the steps of a definition share. */
export interface StepContext {
  readonly outline: Outline;
  /** The definition's `error_handling.activity_error`. */
  readonly defaults: Json | undefined;
  /** The definition's `resources`. */
  readonly resources: Json | undefined;
  /** The definition, of which some blocks hold for every step. */
  readonly execution: JsonObject;
  readonly report: Report;
  /** The field that names a step where it is written. */
  readonly namedBy: 'name' | 'activity';
  /** Names that were met so far. */
  readonly seen: Set<string>;
}

/** What the steps of a list share. */
export interface ListContext extends StepContext {
  /** Steps that have ended before the list begins. */
  readonly ended: readonly string[];
  /** What the loops around call their items. */
  readonly items: readonly string[];
  /** The lists around it, the innermost first, as far as a step may jump into them. */
  readonly around: readonly (readonly Json[])[];
}

const DEFAULT_VISITS = 100;

/** The steps of a list; what cannot be read is reported and left out. */
export const buildList = (list: readonly Json[], path: Path, context: ListContext): readonly Step[] =>
  list
    .map((step, index) => buildStep(step, [...path, index], list, index, context))
    .filter((step) => step !== undefined);

const buildStep = (
  value: Json,
  path: Path,
  list: readonly Json[],
  index: number,
  context: ListContext,
): Step | undefined => {
  const { outline, report, namedBy, seen } = context;
  const step = asObject(value);
  if (step === undefined) return undefined;
  const name = asText(step['name']);
  if (name !== undefined && seen.has(name)) {
    const message = `Expected each step to have a name of its own, but "${name}" is the name of another step too.`;
    report.problem([...path, namedBy], 'DUPLICATE_STEP', message);
  }
  if (name !== undefined) seen.add(name);
  const kind = kindOf(step, path, report);
  for (const name of [...UNENFORCED_STEP_FIELDS, ...(hasEntry(kind) ? [] : ['label'])])
    if (Object.hasOwn(step, name)) warnUnenforced([...path, name], report);

  const ended = [...context.ended, ...endedIn(list, index)];
  const place = placeIn(outline, [...STEP_NAMES, ...context.items], ended);
  refuseUnused(step, kind, path, report);
  checkNext(step, path, [list, ...context.around], report);
  const base = buildBase(step, name ?? '', kind, path, place, context);
  const written: Written = {
    kind,
    base,
    step,
    value: step[KINDS[kind].field],
    path,
    place,
    report,
    endedIn: (inner) => endedIn(inner?.steps ?? []),
  };
  const block = buildBlock(written, (inner) =>
    buildList(inner.steps, inner.path, {
      ...context,
      ended,
      items: [...context.items, ...inner.names],
      around: leadsOut(step) ? [list, ...context.around] : [],
    }),
  );
  return block ?? buildLeaf(written, context);
};

/** Of several branches none can leave the block for the others. */
const leadsOut = (step: JsonObject): boolean =>
  Object.hasOwn(step, 'while') || (Object.hasOwn(step, 'switch') && step['match'] !== 'all');

const buildBase = (
  step: JsonObject,
  name: string,
  kind: Step['kind'],
  path: Path,
  place: Written['place'],
  { defaults, report }: StepContext,
): Base => {
  const when = buildCondition(step['when'], [...path, 'when'], place, report);
  const label = asText(step['label']);
  const next = asText(step['next']);
  const own = buildFallback(step['fallback'], [...path, 'fallback'], report);
  const shared = kind === 'activity' ? buildFallback(field(defaults, 'fallback'), [], SILENT) : undefined;
  const fallback = own ?? shared;
  const names = [...place.names, 'output'];
  return {
    name,
    ...(label === undefined || !hasEntry(kind)
      ? {}
      : { label: compileTemplate(label, [...path, 'label'], place, report) }),
    ...(when === undefined ? {} : { when }),
    ...(next === undefined ? {} : { next }),
    maxVisits: asNumber(step['max_visits']) ?? DEFAULT_VISITS,
    output: buildVariables(step['output'], [...path, 'output'], { ...place, names }, report),
    ...(fallback === undefined ? {} : { fallback }),
    ...(hasOneTime(kind) ? buildWholeTimeout(step['timeout'], [...path, 'timeout'], report) : {}),
  };
};

/** For what was reported where it stands. */
const SILENT: Report = { problem: () => {}, warning: () => {} };

const buildLeaf = (written: Written, context: StepContext): Step => {
  const { base, kind, value, path, place, report } = written;
  switch (kind) {
    case 'set': {
      const at = [...path, 'set', 'variables'];
      return { ...base, kind, variables: buildVariables(field(value, 'variables'), at, place, report) };
    }
    case 'wait':
      return buildWaitStep(written);
    case 'approval':
      return buildApproval(written);
    case 'emit':
      return buildEmit(written);
    case 'workflow':
      return buildChild(written);
    case 'fail':
      return buildFail(written);
    case 'end':
      return { ...base, kind };
    default:
      return buildActivity(written, context);
  }
};

const buildWaitStep = ({ base, value, path, place, report }: Written): WaitStep => ({
  ...base,
  kind: 'wait',
  on: buildWait(value, [...path, 'wait'], place, report),
});

const buildApproval = ({ base, value, path, place, report }: Written): ApprovalStep => {
  const assignees = field(value, 'assignees');
  const timeout = asDuration(field(value, 'timeout'));
  const at = [...path, 'approval', 'assignees'];
  return {
    ...base,
    kind: 'approval',
    ...(assignees === undefined ? {} : { assignees: compileTemplate(assignees, at, place, report) }),
    ...(timeout === undefined ? {} : { timeout }),
  };
};

const buildEmit = ({ base, value, path, place, report }: Written): EmitStep => {
  const payload = field(value, 'payload');
  const at = [...path, 'emit', 'payload'];
  return {
    ...base,
    kind: 'emit',
    event: asText(field(value, 'event')) ?? '',
    ...(payload === undefined ? {} : { payload: compileTemplate(payload, at, place, report) }),
  };
};

const buildFail = ({ base, value, path, place, report }: Written): FailStep => {
  const template = (name: string, otherwise: string) =>
    compileTemplate(field(value, name) ?? otherwise, [...path, 'fail', name], place, report);
  return { ...base, kind: 'fail', type: template('type', 'Failed'), message: template('message', '') };
};

const buildActivity = ({ base, step, path, place }: Written, context: StepContext): ActivityStep => {
  const { defaults, execution, report } = context;
  const input = step['input'];
  const isolate = buildIsolation(step, context.resources);
  warnOfResources(step['resources'], [...path, 'resources'], isolate !== undefined, report);
  const shared = execution['circuit_breaker'];
  const breaker = buildBreaker(step['circuit_breaker'], shared, [...path, 'circuit_breaker'], report);
  const bulkhead = buildBulkhead(step['bulkhead'], execution['bulkhead'], [...path, 'bulkhead'], report);
  const rate = buildRate(step['rate_limit'], execution['rate_limit'], [...path, 'rate_limit'], place, report);
  const needs = buildNeeds(step['resources'], context.resources);
  const limits = [...(buildMaxActivities(execution) ?? []), ...(bulkhead.limits ?? [])];
  return {
    ...base,
    kind: 'activity',
    activity: asText(step['activity']) ?? base.name,
    ...(input === undefined ? {} : { input: compileTemplate(input, [...path, 'input'], place, report) }),
    ...buildTimeouts(step['timeout'], [...path, 'timeout'], report),
    retry: buildRetry(step['retry'], field(defaults, 'retry'), [...path, 'retry'], report),
    ...(isolate === undefined ? {} : { isolate }),
    ...(breaker === undefined ? {} : { breaker }),
    ...bulkhead,
    ...(rate === undefined ? {} : { rate }),
    ...(needs === undefined ? {} : { needs }),
    ...(limits.length === 0 ? {} : { limits }),
  };
};
