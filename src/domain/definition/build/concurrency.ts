import type { Concurrency, GatesOfActivity } from '../gates.ts';
import type { Place } from '../expression/check-names.ts';
import { compileTemplate } from '../expression/template.ts';
import type { CallLimit, LimitGate } from '../../flow/limits.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, asNumber, field } from './fields.ts';

/** A limit of `concurrency`; `undefined` where nothing is said. */
const buildLimit = (concurrency: Json | undefined, gate: LimitGate): CallLimit | undefined => {
  const own = asNumber(field(concurrency, gate));
  const total = asNumber(field(field(concurrency, 'total'), gate));
  const isKeyed = field(concurrency, 'key') !== undefined;
  const limit = own ?? total;
  if (limit === undefined) return undefined;
  const timeout = asDuration(field(field(concurrency, 'queuing'), 'timeout'));
  return {
    gate,
    limit,
    ...(isKeyed && total !== undefined ? { total } : {}),
    ...(timeout === undefined ? {} : { timeout }),
  };
};

/** How many activities of a workflow are called at once; nothing where nothing is said. */
export const buildMaxActivities = (execution: JsonObject): GatesOfActivity['limits'] => {
  const limit = buildLimit(execution['concurrency'], 'max_activities');
  return limit === undefined ? [] : [limit];
};

/** How much of a workflow goes on at once, and who waits before whom; `undefined` where nothing is said. */
export const buildConcurrency = (
  execution: JsonObject,
  root: Path,
  place: Place,
  report: Report,
): Concurrency | undefined => {
  const concurrency = execution['concurrency'];
  const at = [...root, 'concurrency'];
  const written = field(concurrency, 'key');
  const key = written === undefined ? undefined : compileTemplate(written, [...at, 'key'], place, report);
  checkTotal(concurrency, at, report);
  const priority = buildPriority(execution, root, place, report);
  if (concurrency === undefined) return undefined;
  const workflows = buildLimit(concurrency, 'max_workflows');
  return {
    ...(workflows === undefined ? {} : { workflows }),
    ...(key === undefined ? {} : { key }),
    ...(priority === undefined ? {} : { priority }),
  };
};

const checkTotal = (concurrency: Json | undefined, at: Path, report: Report): void => {
  const total = field(concurrency, 'total');
  if (total === undefined || field(concurrency, 'key') !== undefined) return;
  const message =
    'Expected "key" to say what the limits are of where there is a total of them, but it is missing.';
  report.problem([...at, 'total'], 'MISSING_FIELD', message, { key: true });
};

/** Who waits before others, where the strategy says so. */
const buildPriority = (
  execution: JsonObject,
  root: Path,
  place: Place,
  report: Report,
): Concurrency['priority'] => {
  const priority = execution['priority'];
  if (priority === undefined) return undefined;
  const at = [...root, 'priority'];
  const template = compileTemplate(priority, at, place, report);
  if (field(field(execution['concurrency'], 'queuing'), 'strategy') === 'priority') return template;
  const message =
    'Expected "concurrency.queuing.strategy" to be priority where a priority is given, but it is not, so that it changes nothing.';
  report.warning(at, 'PRIORITY_UNUSED', message, { key: true });
  return undefined;
};
