import type { Condition, EventTrigger, Template } from '../definition.ts';
import { show } from '../expression/show.ts';
import { compileBare, compileTemplate } from '../expression/template.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asObject, asText, field } from './fields.ts';
import { buildGathering } from './gathering.ts';
import { placeIn, type Outline } from './outline.ts';
import { warnUnenforced } from './retry.ts';
import { requireExpression } from './condition.ts';

const BARE = 'expr:';

/** The event that starts the workflow; `undefined` when it is only started by hand. */
export const buildTrigger = (
  value: Json | undefined,
  path: Path,
  outline: Outline,
  report: Report,
): EventTrigger | undefined => {
  const trigger = asObject(value);
  if (trigger === undefined) return undefined;
  if (trigger['manual'] === false) warnUnenforced([...path, 'manual'], report);
  const event = asText(field(trigger, 'event'));
  const conditions = Object.entries(asObject(field(trigger, 'conditions')) ?? {}).map(([name, expected]) =>
    buildMatch(name, expected, [...path, 'conditions', name], outline, report),
  );
  const singleton = buildSingleton(trigger, path, outline, report);
  const gathering = buildGathering(trigger, path, outline, report);
  const more = { ...(singleton && { singleton }), ...(gathering && { gathering }) };
  if (event !== undefined) return { event, conditions, ...more };
  if (trigger['event'] === undefined && trigger['conditions'] !== undefined) {
    const message = 'Expected "event" beside "conditions", but it is missing.';
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  return undefined;
};

/** What makes two events or requests the same to the workflow; a key that is always the same would start one run ever. */
export const buildKey = (
  trigger: Json | undefined,
  path: Path,
  outline: Outline,
  report: Report,
): Template | undefined => {
  const key = asText(field(trigger, 'idempotency_key'));
  if (key === undefined || key === '') return undefined;
  const place = [...path, 'idempotency_key'];
  if (!key.includes('${')) {
    const message = `Expected an expression \${…} that differs from event to event, but found ${show(key)}.`;
    report.problem(place, 'BAD_EXPRESSION', message);
    return undefined;
  }
  if (field(trigger, 'event') === undefined && field(trigger, 'http') === undefined) {
    const message = 'Expected "event" or "http" beside "idempotency_key", but both are missing.';
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  return compileTemplate(key, place, placeIn(outline, ['event', 'input'], []), report);
};

const buildMatch = (
  name: string,
  expected: Json,
  path: Path,
  outline: Outline,
  report: Report,
): Condition => {
  const place = placeIn(outline, ['event'], []);
  if (typeof expected !== 'string') return { field: name, equals: expected };
  if (expected.startsWith(BARE)) {
    const text = expected.slice(BARE.length);
    return { field: name, holds: compileBare(expected, text, path, place, report) };
  }
  if (!expected.includes('${')) return { field: name, equals: expected };
  requireExpression(expected, path, report);
  return { field: name, holds: compileTemplate(expected, path, place, report) };
};

const buildSingleton = (
  trigger: JsonObject,
  path: Path,
  outline: Outline,
  report: Report,
): EventTrigger['singleton'] => {
  const { singleton, event } = trigger;
  if (singleton === undefined || singleton === false) return undefined;
  if (event === undefined) {
    const message = 'Expected "event" beside "singleton", but it is missing.';
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  const key = asText(field(singleton, 'key'));
  if (key === undefined || key === '') return {};
  const place = [...path, 'singleton', 'key'];
  if (!requireExpression(key, place, report)) return {};
  return { key: compileTemplate(key, place, placeIn(outline, ['event'], []), report) };
};
