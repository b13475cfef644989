import { describe, expect, test } from 'vitest';
import { CALLER, sourceOf } from '../spec/engine.ts';
import { ANN, openCommands } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const HASH = /^sha256:[0-9a-f]{64}$/;
const one = (priority: string) => `
workflow: tickets
trigger: { event: ticket:created, conditions: { priority: ${priority} } }
activities:
  - name: notify
`;

describe('registering a workflow', () => {
  test('stores its first version: what it was written as, what it means, and on whose behalf', async () => {
    const { register, log, clock } = await openCommands();
    const answer = await register(one('high'));
    expect(answer).toEqual({
      workflow: 'tickets',
      definition: expect.stringMatching(HASH),
      number: 1,
      created: true,
      position: await log.end(),
      warnings: [],
    });
    expect(await commitsOf(log, 'workflow-tickets')).toEqual([
      {
        metadata: metadataOf(ANN, 'tickets', clock.now(), answer.definition),
        events: [
          {
            type: 'workflow.registered',
            facts: {
              workflow: 'tickets',
              definition: answer.definition,
              number: 1,
              triggerEvent: 'ticket:created',
            },
            payload: {
              source: sourceOf(one('high')),
              document: {
                execution: {
                  workflow: 'tickets',
                  trigger: { event: 'ticket:created', conditions: { priority: 'high' } },
                  activities: [{ name: 'notify' }],
                },
              },
            },
          },
        ],
      },
    ]);
  });

  test('stores another version behind the first, in one chain', async () => {
    const { register, log, clock } = await openCommands();
    const first = await register(one('high'));
    clock.advance(5_000);
    const second = await register(one('low'), CALLER);
    expect(second).toMatchObject({ number: 2, created: true, position: await log.end() });
    expect(second.definition).not.toBe(first.definition);
    const commits = await commitsOf(log, 'workflow-tickets');
    expect(commits.map(({ metadata }) => metadata)).toEqual([
      metadataOf(ANN, 'tickets', clock.now() - 5_000, first.definition),
      metadataOf(CALLER, 'tickets', clock.now(), second.definition),
    ]);
    expect(commits.map(({ events }) => events[0]?.facts['number'])).toEqual([1, 2]);
  });

  test('goes back to what an earlier version said with a version of its own', async () => {
    const { register } = await openCommands();
    const first = await register(one('high'));
    await register(one('low'));
    expect(await register(one('high'))).toMatchObject({
      definition: first.definition,
      number: 3,
      created: true,
    });
  });

  test('of one that is only started by hand says that no event starts it', async () => {
    const { register, log } = await openCommands();
    await register('workflow: by_hand\nactivities: [{ name: notify }]');
    const [commit] = await commitsOf(log, 'workflow-by_hand');
    expect(commit?.events[0]?.facts).toMatchObject({ triggerEvent: '' });
  });

  test('that is worth a warning is answered with it, each time', async () => {
    const { register } = await openCommands();
    const yaml = 'workflow: warned\nactivities: [{ name: notify, input: "${workflow.b}" }]';
    const first = await register(yaml);
    expect(first.warnings.map(({ code, path }) => [code, path])).toEqual([
      ['UNKNOWN_VARIABLE', 'execution.activities[0].input'],
    ]);
    expect((await register(yaml)).warnings).toEqual(first.warnings);
  });
});

describe('registering a workflow is refused', () => {
  test('with every problem and its place when the definition is not good', async () => {
    const { register, store } = await openCommands();
    await store.thenRefused(() => register('workflow: Bad Name\nactivities: [{ nmae: notify }]'), {
      name: 'Rejection',
      code: 'INVALID_DEFINITION',
      message: expect.stringMatching(
        /^Expected a definition without problems, but found 3:\n2:13 Expected .*\n3:/,
      ),
      details: {
        field: 'source',
        problems: [
          { code: 'BAD_NAME', line: 2, column: 13, path: 'execution.workflow' },
          { code: 'MISSING_FIELD', line: 3, column: 16, path: 'execution.activities[0]' },
          { code: 'UNKNOWN_FIELD', line: 3, column: 18, path: 'execution.activities[0].nmae' },
        ],
      },
    });
  });

  test('when a version is there, without touching it', async () => {
    const { register, definitions, store } = await openCommands();
    const { definition } = await register(one('high'));
    await store.thenRefused(() => register(`${one('high')}colour: red\n`), { code: 'INVALID_DEFINITION' });
    expect((await definitions.startable('tickets')).hash).toBe(definition);
  });
});

describe('registering a workflow adds nothing', () => {
  test('when its latest version says the same, however it is written', async () => {
    const { register, store } = await openCommands();
    const first = await register(one('high'));
    const again = await store.thenAddsNothing(() => register(one('high'), CALLER));
    expect(again).toEqual({ ...first, created: false });
    const otherwise = one('high').replace('notify', "'notify' # tells them").replace('\n', '\n\n');
    expect(await store.thenAddsNothing(() => register(otherwise))).toEqual({ ...first, created: false });
  });

  test('of the version that was the last before another', async () => {
    const { register, store } = await openCommands();
    await register(one('high'));
    const second = await register(one('low'));
    expect(await store.thenAddsNothing(() => register(one('low')))).toEqual({ ...second, created: false });
  });

  test('when another process has registered it', async () => {
    const { register, log } = await openCommands();
    const first = await register(one('high'));
    const other = await openCommands({ log });
    const again = await other.store.thenAddsNothing(() => other.register(one('high')));
    expect(again).toEqual({ ...first, created: false });
  });
});
