import { MOST_GATHERED, type Gathering } from '../gathering.ts';
import type { Json, JsonObject } from '../../json.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Path, Report } from '../report.ts';
import { requireExpression } from './condition.ts';
import { asNumber, asObject, asText, field } from './fields.ts';
import { placeIn, type Outline } from './outline.ts';
import { buildLimit } from './timeouts.ts';

/** What decides about events besides: it cannot be said of two of them which comes first. */
const OTHERS = ['batch', 'debounce', 'singleton', 'idempotency_key'] as const;

/** How events are gathered before they start a run; `undefined` where each of them starts one. */
export const buildGathering = (
  trigger: JsonObject,
  path: Path,
  outline: Outline,
  report: Report,
): Gathering | undefined => {
  const name = (['debounce', 'batch'] as const).find((known) => asObject(trigger[known]) !== undefined);
  if (name === undefined) return undefined;
  for (const other of OTHERS) {
    if (other === name || trigger[other] === undefined || trigger[other] === false) continue;
    const message = `Expected "${name}" without "${other}", but both are here.`;
    report.problem([...path, other], 'AMBIGUOUS_TRIGGER', message, { key: true });
  }
  if (trigger['event'] === undefined) {
    const message = `Expected "event" beside "${name}", but it is missing.`;
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  const place = [...path, name];
  const how =
    name === 'debounce'
      ? buildDebounce(trigger[name], place, report)
      : buildBatch(trigger[name], place, report);
  const key = buildGatheringKey(field(trigger[name], 'key'), [...place, 'key'], outline, report);
  return how && { ...how, ...(key === undefined ? {} : { key }) };
};

const buildDebounce = (written: Json | undefined, path: Path, report: Report): Gathering | undefined => {
  const quiet = buildLimit(field(written, 'for'), [...path, 'for'], report);
  const max = buildLimit(field(written, 'max'), [...path, 'max'], report);
  if (quiet !== undefined && max !== undefined && max < quiet) {
    const message = 'Expected "max" to be no shorter than "for", but it is.';
    report.problem([...path, 'max'], 'WRONG_VALUE', message);
  }
  return quiet === undefined ? undefined : { kind: 'debounce', quiet, ...(max === undefined ? {} : { max }) };
};

const buildBatch = (written: Json | undefined, path: Path, report: Report): Gathering | undefined => {
  const timeout = buildLimit(field(written, 'timeout'), [...path, 'timeout'], report);
  const size = asNumber(field(written, 'size')) ?? MOST_GATHERED;
  return timeout === undefined ? undefined : { kind: 'batch', size, timeout };
};

const buildGatheringKey = (written: Json | undefined, path: Path, outline: Outline, report: Report) => {
  const key = asText(written);
  if (key === undefined || key === '' || !requireExpression(key, path, report)) return undefined;
  return compileTemplate(key, path, placeIn(outline, ['event'], []), report);
};
