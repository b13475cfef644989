import type { Compensation, CompensationPlan } from '../definition.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { didYouMean } from '../suggest.ts';
import { asList, asObject, asText, field } from './fields.ts';
import { placeIn, STEP_NAMES, type Outline } from './outline.ts';
import { buildLimit } from './timeouts.ts';
import { buildRetry, DEFAULT_ATTEMPT_TIMEOUT } from './retry.ts';

/** How a run is undone. */
export const buildCompensation = (
  execution: JsonObject,
  path: Path,
  outline: Outline,
  retry: Json | undefined,
  report: Report,
): CompensationPlan => {
  const block = field(execution, 'compensation');
  const at = [...path, 'compensation'];
  const timeout = buildLimit(field(block, 'timeout'), [...at, 'timeout'], report);
  const activities = (asList(field(block, 'activities')) ?? []).map((entry) => asText(field(entry, 'name')));
  return {
    strategy: field(block, 'strategy') === 'forward' ? 'forward' : 'reverse',
    mode: field(block, 'mode') === 'manual' ? 'manual' : 'automatic',
    byStep: {
      ...sagaEntries(execution, path, outline, report),
      ...entries(execution, path, outline, report),
    },
    activities: activities.filter((name) => name !== undefined),
    retry: buildRetry(undefined, retry, path, report),
    attemptTimeout: DEFAULT_ATTEMPT_TIMEOUT,
    ...(timeout === undefined ? {} : { timeout }),
  };
};

const entries = (
  execution: JsonObject,
  path: Path,
  outline: Outline,
  report: Report,
): Readonly<Record<string, Compensation>> => {
  const block = asObject(field(execution, 'compensation_activities')) ?? {};
  return Object.fromEntries(
    Object.entries(block).map(([step, entry]) => {
      const at = [...path, 'compensation_activities', step];
      if (!outline.steps.has(step)) refuseUnknown(step, at, outline, report);
      const params = field(entry, 'params');
      const items = outline.items.get(step) ?? [];
      const place = placeIn(outline, [...STEP_NAMES, ...items, 'output', 'error'], outline.lasting);
      const compiled =
        params === undefined ? undefined : compileTemplate(params, [...at, 'params'], place, report);
      const activity = asText(field(entry, 'activity')) ?? '';
      return [step, { activity, ...(compiled === undefined ? {} : { params: compiled }) }];
    }),
  );
};

/** Compensations of `saga.steps`, whose `activity` names the step. */
const sagaEntries = (
  execution: JsonObject,
  path: Path,
  outline: Outline,
  report: Report,
): Readonly<Record<string, Compensation>> => {
  const list = asList(field(field(execution, 'saga'), 'steps')) ?? [];
  const found: [string, Compensation][] = [];
  list.forEach((entry, index) => {
    const step = asText(field(entry, 'activity'));
    const activity = asText(field(entry, 'compensation'));
    if (step === undefined) return;
    const at = [...path, 'saga', 'steps', index];
    if (!outline.steps.has(step)) refuseUnknown(step, [...at, 'activity'], outline, report);
    if (activity === undefined) return;
    found.push([step, { activity }]);
    if (field(field(execution, 'compensation_activities'), step) === undefined) return;
    const message = `Expected one compensation of "${step}", but "compensation_activities" has another.`;
    report.problem([...at, 'compensation'], 'DUPLICATE_COMPENSATION', message);
  });
  return Object.fromEntries(found);
};

const refuseUnknown = (step: string, path: Path, { steps }: Outline, report: Report): void => {
  const message = `Expected the name of a step, but there is no step "${step}".${didYouMean(step, steps)}`;
  report.problem(path, 'UNKNOWN_STEP', message, { key: true });
};
