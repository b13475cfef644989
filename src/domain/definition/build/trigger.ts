import type { Condition, EventTrigger } from '../definition.ts';
import { compileBare, compileTemplate } from '../expression/template.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { UNSUPPORTED_TRIGGER_FIELDS } from '../schema/trigger.ts';
import { asObject, asText, field } from './fields.ts';
import { placeIn, type Outline } from './outline.ts';
import { refuseUnsupported, warnUnenforced } from './retry.ts';
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
  for (const name of UNSUPPORTED_TRIGGER_FIELDS)
    if (Object.hasOwn(trigger, name)) refuseUnsupported([...path, name], report);
  if (trigger['manual'] === false) warnUnenforced([...path, 'manual'], report);
  const event = asText(field(trigger, 'event'));
  const conditions = Object.entries(asObject(field(trigger, 'conditions')) ?? {}).map(([name, expected]) =>
    buildMatch(name, expected, [...path, 'conditions', name], outline, report),
  );
  if (event !== undefined) return { event, conditions };
  if (trigger['event'] === undefined && trigger['conditions'] !== undefined) {
    const message = 'Expected "event" beside "conditions", but it is missing.';
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  return undefined;
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
