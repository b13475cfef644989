import type { ActivityStep } from '../definition.ts';
import type { RateLimit } from '../gates.ts';
import type { Place } from '../expression/check-names.ts';
import type { BreakerPolicy } from '../../flow/breaker.ts';
import type { CallLimit } from '../../flow/limits.ts';
import type { Json, JsonObject } from '../../json.ts';
import { show } from '../expression/show.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, asNumber, field } from './fields.ts';
import { buildFallback } from './retry.ts';

/** What holds where a definition says nothing. */
const BREAKER = { threshold: 5, reset: 60_000 };

/** Milliseconds of a length of time that is more than none; `undefined` where there is none. */
const buildLength = (value: Json | undefined, path: Path, report: Report): number | undefined => {
  const length = asDuration(value);
  if (length !== 0) return length;
  const message = `Expected a duration of more than 0, but found ${show(value ?? null)}.`;
  report.problem(path, 'WRONG_VALUE', message);
  return undefined;
};

/** When calls of a step's activity are not made; `undefined` where nothing is said. A step's own goes before the definition's, field by field. */
export const buildBreaker = (
  own: Json | undefined,
  shared: Json | undefined,
  path: Path,
  report: Report,
): BreakerPolicy | undefined => {
  if (own === undefined && shared === undefined) return undefined;
  const ownLength = (name: string) => buildLength(field(own, name), [...path, name], report);
  const timeout = ownLength('timeout') ?? asDuration(field(shared, 'timeout'));
  return {
    threshold: asNumber(field(own, 'threshold') ?? field(shared, 'threshold')) ?? BREAKER.threshold,
    ...(timeout === undefined ? {} : { timeout }),
    reset: ownLength('reset') ?? asDuration(field(shared, 'reset')) ?? BREAKER.reset,
  };
};

/** Fields that are there where they have a value. */
const given = <Name extends string>(
  name: Name,
  value: number | undefined,
): { readonly [N in Name]?: number } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: number });

/** What holds of a bulkhead where a definition says nothing: so many calls, and any number that wait. */
const BULKHEAD = 10;

/** How many calls of an activity are made at once; `undefined` where nothing is said. A step's own goes before the definition's, field by field. */
export const buildBulkhead = (
  own: Json | undefined,
  shared: Json | undefined,
  path: Path,
  report: Report,
): Pick<ActivityStep, 'limits' | 'bulkheadFallback'> => {
  if (own === undefined && shared === undefined) return {};
  const pick = (name: string): Json | undefined => field(own, name) ?? field(shared, name);
  const timeout = buildLength(field(own, 'timeout'), [...path, 'timeout'], report);
  const fallback = buildFallback(field(own, 'fallback'), [...path, 'fallback'], report);
  const otherwise = fallback ?? buildFallback(field(shared, 'fallback'), [], SILENT);
  const limit: CallLimit = {
    gate: 'bulkhead',
    limit: asNumber(pick('max_concurrent')) ?? BULKHEAD,
    ...given('queue', asNumber(pick('max_queue_size'))),
    ...given('timeout', timeout ?? asDuration(field(shared, 'timeout'))),
  };
  return { limits: [limit], ...(otherwise === undefined ? {} : { bulkheadFallback: otherwise }) };
};

/** For what was reported where it stands. */
const SILENT: Report = { problem: () => {}, warning: () => {} };

/** How many calls of an activity are begun in a time; `undefined` where nothing is said. A step's own block stands for the definition's. */
export const buildRate = (
  own: Json | undefined,
  shared: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): RateLimit | undefined => {
  const [block, told] = own === undefined ? [shared, SILENT] : [own, report];
  const limit = asNumber(field(block, 'limit'));
  const per = buildLength(field(block, 'per'), [...path, 'per'], told);
  const written = field(block, 'key');
  const key = written === undefined ? undefined : compileTemplate(written, [...path, 'key'], place, told);
  if (limit === undefined || per === undefined) return undefined;
  return { limit, per, ...(key === undefined ? {} : { key }) };
};

/** Reports what is wrong of the blocks that hold for every step, but for what is made of them elsewhere. */
export const checkFlow = (execution: JsonObject, root: Path, place: Place, report: Report): void => {
  buildBreaker(execution['circuit_breaker'], undefined, [...root, 'circuit_breaker'], report);
  buildBulkhead(execution['bulkhead'], undefined, [...root, 'bulkhead'], report);
  buildRate(execution['rate_limit'], undefined, [...root, 'rate_limit'], place, report);
  const timeout = field(field(execution['concurrency'], 'queuing'), 'timeout');
  buildLength(timeout, [...root, 'concurrency', 'queuing', 'timeout'], report);
};
