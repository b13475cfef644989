import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asList, asObject, asText, field } from './fields.ts';
import { kindsIn } from './kinds.ts';
import { nestedLists } from './nested.ts';

/** Whether somebody serves an activity now, in a process of its own if that is wanted. */
export type Serves = (activity: string, isolated?: boolean) => boolean;

type Call = readonly [path: Path, activity: string | undefined, isolated?: boolean];

const entriesOf = (list: Json | undefined): readonly [number, Json][] => [...(asList(list) ?? []).entries()];

const fallbackOf = (block: Json | undefined, path: Path): Call => {
  const activity = asText(field(field(block, 'fallback'), 'activity'));
  return [[...path, 'fallback', 'activity'], activity === 'skip' ? undefined : activity];
};

const callsOfStep = (step: Json, path: Path): readonly Call[] => {
  const object = asObject(step) ?? {};
  const inner = nestedLists(step, path).flatMap((list) =>
    [...list.steps.entries()].flatMap(([n, nested]) => callsOfStep(nested, [...list.path, n])),
  );
  if (kindsIn(object).some((kind) => kind !== 'activity')) return [fallbackOf(step, path), ...inner];
  const name = Object.hasOwn(object, 'activity') ? 'activity' : 'name';
  const isolated = object['isolate'] === 'process';
  return [[[...path, name], asText(object[name]), isolated], fallbackOf(step, path)];
};

/** Every place of a definition that calls an activity. */
const callsOf = (execution: JsonObject, root: Path): readonly Call[] => {
  const defaults = field(field(execution, 'error_handling'), 'activity_error');
  const undo = Object.entries(asObject(execution['compensation_activities']) ?? {});
  const saga = entriesOf(field(execution['saga'], 'steps'));
  const sagaCalls = Object.hasOwn(execution, 'activities') ? ['compensation'] : ['activity', 'compensation'];
  return [
    ...entriesOf(execution['activities']).flatMap(([n, step]) =>
      callsOfStep(step, [...root, 'activities', n]),
    ),
    fallbackOf(defaults, [...root, 'error_handling', 'activity_error']),
    ...undo.map(([step, entry]): Call => [
      [...root, 'compensation_activities', step, 'activity'],
      asText(field(entry, 'activity')),
    ]),
    ...entriesOf(field(execution['compensation'], 'activities')).map(([n, entry]): Call => [
      [...root, 'compensation', 'activities', n, 'name'],
      asText(field(entry, 'name')),
    ]),
    ...saga.flatMap(([n, entry]) =>
      sagaCalls.map((name): Call => [[...root, 'saga', 'steps', n, name], asText(field(entry, name))]),
    ),
  ];
};

/** The activities that a definition calls, those of its fallbacks and of what undoes it too. */
export const calledActivities = (execution: JsonObject): readonly string[] =>
  callsOf(execution, []).flatMap(([, activity]) => (activity === undefined ? [] : [activity]));

/**
 * Warns of activities that nobody serves: a step that calls one is queued until somebody does. Those that cannot run in
 * a process of their own and are to fail their step.
 */
export const warnUnserved = (execution: JsonObject, root: Path, serves: Serves, report: Report): void => {
  for (const [path, activity, isolated] of callsOf(execution, root)) {
    if (activity === undefined || serves(activity, isolated)) continue;
    if (serves(activity)) {
      const message = `Expected an activity of a module, which a process of its own can load, but "${activity}" is none: steps that call it fail.`;
      report.warning(path, 'NOT_ISOLATABLE', message);
      continue;
    }
    const message = `Expected an activity that is served, but nobody serves "${activity}": steps that call it wait in the queue until somebody does.`;
    report.warning(path, 'ACTIVITY_NOT_SERVED', message);
  }
};
