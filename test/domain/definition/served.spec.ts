import { expect, it } from 'vitest';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';

const SOURCE = `execution:
  workflow: calls
  activities:
    - name: by_name
    - name: second
      activity: by_activity
      fallback: { activity: own_fallback }
    - name: third
      activity: served
      fallback: { activity: skip }
    - name: pause
      wait: { for: 1s }
    - name: note
      set: { variables: { a: 1 } }
  error_handling:
    activity_error: { fallback: { activity: shared_fallback } }
    workflow_error: { strategy: compensate }
  compensation:
    activities: [{ name: tidy }]
  compensation_activities:
    by_name: { activity: undo }
`;

const SAGA = `execution:
  workflow: saga
  saga:
    steps:
      - activity: create
        compensation: delete
      - activity: served
`;

const unserved = (source: string): readonly string[] => {
  const parsed = parseDefinition(source, (activity) => activity === 'served');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.warnings.map(
    ({ code, line, column, path, message }) =>
      `${code} ${line}:${column} ${path} ${/"(.*)"/.exec(message)?.[1]}`,
  );
};

it('warns of every place that calls what nobody serves', () => {
  expect(unserved(SOURCE)).toEqual([
    'ACTIVITY_NOT_SERVED 4:13 execution.activities[0].name by_name',
    'ACTIVITY_NOT_SERVED 6:17 execution.activities[1].activity by_activity',
    'ACTIVITY_NOT_SERVED 7:29 execution.activities[1].fallback.activity own_fallback',
    'ACTIVITY_NOT_SERVED 16:45 execution.error_handling.activity_error.fallback.activity shared_fallback',
    'ACTIVITY_NOT_SERVED 19:26 execution.compensation.activities[0].name tidy',
    'ACTIVITY_NOT_SERVED 21:26 execution.compensation_activities.by_name.activity undo',
  ]);
});

it('warns of what is to run in a process of its own and cannot', () => {
  const source = `execution:
  workflow: a
  activities:
    - { name: served, isolate: process }
    - { name: second, activity: module, isolate: process }
    - { name: third, activity: served }
`;
  const parsed = parseDefinition(source, (activity, isolated) => activity === 'module' || isolated !== true);
  expect(parsed).toMatchObject({
    ok: true,
    warnings: [{ code: 'NOT_ISOLATABLE', line: 4, column: 15, path: 'execution.activities[0].name' }],
  });
});

it('knows the calls of a saga', () => {
  expect(unserved(SAGA)).toEqual([
    'ACTIVITY_NOT_SERVED 5:19 execution.saga.steps[0].activity create',
    'ACTIVITY_NOT_SERVED 6:23 execution.saga.steps[0].compensation delete',
  ]);
});

it('warns of nothing where all is served, or where nobody asks', () => {
  expect(parseDefinition(SOURCE, () => true)).toMatchObject({ ok: true, warnings: [] });
  expect(parseDefinition(SOURCE)).toMatchObject({ ok: true, warnings: [] });
});
