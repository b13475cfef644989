import type { Definition, Step } from '../definition.ts';
import { compileSchema, type SchemaCheck } from '../../json-schema.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { UNENFORCED_BLOCKS } from '../schema/definition-schema.ts';
import { buildConcurrency } from './concurrency.ts';
import { buildCompensation } from './compensation.ts';
import { asList, asObject, asText, field } from './fields.ts';
import { buildNotifications } from './notifications.ts';
import { warnOfResources } from './isolation.ts';
import { checkFlow } from './flow.ts';
import { buildOutput } from './output.ts';
import { outlineOf, placeIn, STEP_NAMES, type Outline } from './outline.ts';
import { buildLogging, buildTracing } from './observed.ts';
import { buildRecordedReads } from './audit.ts';
import { buildRetention } from './retention.ts';
import { buildFallback, buildRetry, warnUnenforced } from './retry.ts';
import { placesOf } from '../places.ts';
import { buildSearch } from './search.ts';
import { buildList } from './steps.ts';
import { buildRoute } from './route.ts';
import { buildSchedule } from './schedule.ts';
import { buildRunTimeout } from './timeouts.ts';
import { buildKey, buildTrigger } from './trigger.ts';
import { buildVariables } from './variables.ts';

/** What of a run is known as long as it goes on, whatever it is at. */
const RUN_NAMES = ['event', 'input', 'workflow'];

const ROOT: Path = ['execution'];

/**
 * Makes a document ready to run. What it means wrongly is reported and left out;
 * what has the wrong shape is left out without a word, for the schema says it better.
 */
export const buildDefinition = (execution: JsonObject, hash: string, report: Report): Definition => {
  const outline = outlineOf(execution);
  const handling = field(execution, 'error_handling');
  const defaults = field(handling, 'activity_error');
  const at = [...ROOT, 'error_handling', 'activity_error'];
  buildRetry(field(defaults, 'retry'), undefined, [...at, 'retry'], report);
  buildFallback(field(defaults, 'fallback'), [...at, 'fallback'], report);
  checkFlow(execution, ROOT, placeIn(outline, STEP_NAMES), report);
  for (const name of UNENFORCED_BLOCKS)
    if (Object.hasOwn(execution, name)) warnUnenforced([...ROOT, name], report);

  const compensation = buildCompensation(execution, ROOT, outline, field(defaults, 'retry'), report);
  const onError = buildOnError(execution);
  const steps = buildSteps(execution, defaults, outline, report);
  const places = placesOf(steps);
  const isIsolated = [...places.values()].some(
    ({ step }) => step.kind === 'activity' && step.isolate !== undefined,
  );
  warnOfResources(execution['resources'], [...ROOT, 'resources'], isIsolated, report);
  const undoes = Object.keys(compensation.byStep).length + compensation.activities.length > 0;
  if (undoes && onError !== 'compensate') warnUnused(execution, report);

  return {
    workflow: asText(execution['workflow']) ?? missingWorkflow(execution, report),
    hash,
    trigger: buildTrigger(execution['trigger'], [...ROOT, 'trigger'], outline, report),
    route: buildRoute(execution['trigger'], [...ROOT, 'trigger'], report),
    schedule: buildSchedule(execution['trigger'], [...ROOT, 'trigger'], report),
    idempotencyKey: buildKey(execution['trigger'], [...ROOT, 'trigger'], outline, report),
    checkInput: buildInputCheck(field(execution['input'], 'schema'), report),
    variables: buildVariables(
      execution['variables'],
      [...ROOT, 'variables'],
      placeIn(outline, outline.isBatched ? ['event', 'events', 'input'] : ['event', 'input'], []),
      report,
    ),
    output: buildOutput(
      execution['output'],
      [...ROOT, 'output'],
      placeIn(outline, STEP_NAMES, outline.lasting),
      report,
    ),
    concurrency: buildConcurrency(execution, ROOT, placeIn(outline, RUN_NAMES, []), report),
    steps,
    places,
    ...buildRunTimeout(execution['timeout'], [...ROOT, 'timeout'], report),
    onError,
    compensation,
    notifications: buildNotifications(execution, ROOT, report),
    retention: buildRetention(execution['retention'], [...ROOT, 'retention'], report),
    recordedReads: buildRecordedReads(execution['audit']),
    tracing: buildTracing(execution['tracing']),
    logging: buildLogging(execution['logging']),
    ...buildSearch(execution, ROOT, placeIn(outline, RUN_NAMES, []), report),
  };
};

const missingWorkflow = (execution: JsonObject, report: Report): string => {
  if (execution['workflow'] === undefined)
    report.problem(ROOT, 'MISSING_FIELD', 'Expected "workflow" to name the workflow, but it is missing.', {
      key: true,
    });
  return '';
};

const buildSteps = (
  execution: JsonObject,
  defaults: Json | undefined,
  outline: Outline,
  report: Report,
): readonly Step[] => {
  const resources = execution['resources'];
  const context = {
    outline,
    defaults,
    resources,
    execution,
    report,
    seen: new Set<string>(),
    ended: [],
    items: [],
    around: [],
  };
  const activities = execution['activities'];
  if (activities !== undefined) {
    return buildList(asList(activities) ?? [], [...ROOT, 'activities'], { ...context, namedBy: 'name' });
  }
  if (asObject(execution['saga']) === undefined) {
    const message = 'Expected "activities" to list the steps, but it is missing.';
    report.problem(ROOT, 'MISSING_FIELD', message, { key: true });
  }
  const entries = asList(field(execution['saga'], 'steps')) ?? [];
  const steps = entries.map((entry) => ({ name: field(entry, 'activity') ?? '' }));
  return buildList(steps, [...ROOT, 'saga', 'steps'], { ...context, namedBy: 'activity' });
};

/** A saga is there to be undone; every other definition stops unless it says otherwise. */
const buildOnError = (execution: JsonObject): Definition['onError'] => {
  const block = field(field(execution, 'error_handling'), 'workflow_error');
  const strategy = field(block, 'strategy');
  if (strategy === 'stop' || strategy === 'compensate' || strategy === 'continue') return strategy;
  return execution['saga'] === undefined ? 'stop' : 'compensate';
};

const warnUnused = (execution: JsonObject, report: Report): void => {
  const name = ['compensation_activities', 'compensation', 'saga'].find((name) =>
    Object.hasOwn(execution, name),
  );
  const message =
    'Expected "error_handling.workflow_error.strategy" to be compensate where something undoes steps, ' +
    'but it is not, so that nothing is undone.';
  report.warning([...ROOT, name ?? 'compensation'], 'COMPENSATION_UNUSED', message, { key: true });
};

const buildInputCheck = (schema: Json | undefined, report: Report): SchemaCheck => {
  const object = asObject(schema);
  if (object === undefined) return () => [];
  try {
    return compileSchema(object);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Expected a JSON Schema, but it cannot be used: ${why}.`;
    report.problem([...ROOT, 'input', 'schema'], 'BAD_SCHEMA', message);
    return () => [];
  }
};
