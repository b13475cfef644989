import { describe, expect, test } from 'vitest';
import { parseDefinition } from '../../src/domain/definition/parse.ts';
import { CheckDefinition } from '../../src/queries/queries.ts';
import { registered } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { openQueries } from './queries.ts';

const SOURCE = 'workflow: tickets\nactivities: [{ name: notify }]';

const hashOf = (source: string): string => {
  const parsed = parseDefinition(source);
  return parsed.ok ? parsed.definition.hash : '';
};

/** The nth version of `tickets` was registered. */
const version = (number: number, definition: string) => {
  const event = registered(number);
  return happened('workflow-tickets', number, {
    ...event,
    facts: { ...event.facts, workflow: 'tickets', definition },
  });
};

const check = (source: string) => new CheckDefinition(source, undefined);

describe('checking a definition', () => {
  test('of a workflow that there is none of says that it would be the first version', async () => {
    const { ask } = await openQueries();
    expect(await ask(check(SOURCE))).toEqual({
      problems: [],
      warnings: [],
      version: { workflow: 'tickets', hash: hashOf(SOURCE), number: 1, isNew: true },
    });
  });

  test('says which number it would have behind the latest version', async () => {
    const { ask, happen } = await openQueries();
    await happen(version(1, hashOf(SOURCE)), version(2, 'sha256:other'));
    expect((await ask(check(SOURCE))).version).toMatchObject({ number: 3, isNew: true });
  });

  test('that the latest version is already says so', async () => {
    const { ask, happen } = await openQueries();
    await happen(version(1, 'sha256:other'), version(2, hashOf(SOURCE)));
    expect((await ask(check(SOURCE))).version).toMatchObject({ number: 2, isNew: false });
  });

  test('warns of what is worth a look, activities that nobody serves too', async () => {
    const { ask } = await openQueries();
    const { warnings } = await ask(check(SOURCE.replace(']', ', { name: call }]')));
    expect(warnings.map(({ code, line, path }) => [code, line, path])).toEqual([
      ['ACTIVITY_NOT_SERVED', 2, 'activities[1].name'],
    ]);
  });

  test('warns of a step that no run comes to, a variable that nothing sets, and recipients of whom it knows none', async () => {
    const { ask } = await openQueries();
    const source =
      'workflow: tickets\nerror_handling: { workflow_error: { notification: { channels: [slack], recipients: [nobody] } } }\nactivities:\n  - { name: notify, input: "${workflow.nothing}" }\n  - { name: over, end: true }\n  - { name: late, activity: notify }\n';
    const { warnings, problems } = await ask(check(source));
    expect(problems).toEqual([]);
    expect(warnings.map(({ code, line }) => [code, line])).toEqual([
      ['NO_RECIPIENTS', 2],
      ['UNKNOWN_VARIABLE', 4],
      ['UNREACHABLE_STEP', 6],
    ]);
  });

  test('refuses a request that starts another workflow', async () => {
    const { ask } = await openQueries();
    const on = (path: string) => `${SOURCE}\ntrigger: { http: { method: POST, path: ${path} } }`;
    expect((await ask(check(on('/free')))).problems).toEqual([]);
    expect((await ask(check(on('/taken')))).problems).toMatchObject([{ code: 'ROUTE_TAKEN', line: 3 }]);
  });

  test('whose child would wait for it again is told so', async () => {
    const { ask } = await openQueries();
    const waits = (child: string) =>
      `workflow: ship_order\nactivities:\n  - { name: s, workflow: { name: ${child} } }\n`;
    expect((await ask(check(waits('circle')))).problems).toMatchObject([{ code: 'CHILD_CYCLE', line: 3 }]);
    expect((await ask(check(waits('nobody')))).warnings).toMatchObject([{ code: 'CHILD_NOT_REGISTERED' }]);
  });

  test('that would not be taken gives every problem, and stores nothing', async () => {
    const { ask, log } = await openQueries();
    const { problems, version: none } = await ask(check('workflow: Tickets\nactivities: [{ nmae: a }]'));
    expect(none).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['BAD_NAME', 'MISSING_FIELD', 'UNKNOWN_FIELD']);
    expect(await log.end()).toBe(0n);
  });
});
