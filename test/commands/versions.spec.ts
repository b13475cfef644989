import { describe, expect, test } from 'vitest';
import { temporaryLog } from '../spec/temporary-log.ts';
import { countingIds } from '../spec/ids.ts';
import { ANN, openCommands, type Commands } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const version = (n: number, event = `number:${n}`) =>
  `workflow: counted\ntrigger: { event: "${event}" }\nactivities:\n  - name: rest\n    wait: { signal: go${n} }\n`;

/** Commands on two versions, and the hashes of these. */
const withTwo = async (): Promise<Commands & { readonly hashes: readonly string[] }> => {
  const commands = await openCommands();
  const hashes = [await commands.register(version(1)), await commands.register(version(2))];
  return { ...commands, hashes: hashes.map(({ definition }) => definition) };
};

/** The hash of what a start runs. */
const startedBy = async (
  { startExecution, engine }: Commands,
  number?: number,
): Promise<string | undefined> => {
  const { executionId } = await startExecution('counted', null, undefined, ANN, number);
  return (await engine.executions.load(executionId))?.definition.hash;
};

describe('the version that new executions run', () => {
  test('is the one that was registered last, until another is set', async () => {
    const commands = await withTwo();
    const { change, register, hashes, log, clock } = commands;
    expect(await startedBy(commands)).toBe(hashes[1]);
    expect(await change('counted', 'set_default', 1)).toEqual({ position: await log.end() });
    expect(await startedBy(commands)).toBe(hashes[0]);
    expect((await commitsOf(log, 'workflow-counted')).at(-1)).toEqual({
      metadata: metadataOf(ANN, 'counted', clock.now(), hashes[0] ?? ''),
      events: [
        {
          type: 'workflow.default_set',
          facts: { workflow: 'counted', definition: hashes[0], number: 1, triggerEvent: 'number:1' },
          payload: { reason: 'because' },
        },
      ],
    });
    await register(version(3));
    expect(await startedBy(commands)).toBe(hashes[0]);
  });

  test('is the latest again once none is set', async () => {
    const commands = await withTwo();
    await commands.change('counted', 'set_default', 1);
    await commands.change('counted', 'set_default');
    expect(await startedBy(commands)).toBe(commands.hashes[1]);
    const third = await commands.register(version(3));
    expect(await startedBy(commands)).toBe(third.definition);
  });

  test('can be named by whoever starts one', async () => {
    const commands = await withTwo();
    expect(await startedBy(commands, 1)).toBe(commands.hashes[0]);
    expect(await startedBy(commands, 2)).toBe(commands.hashes[1]);
    await commands.store.thenRefused(() => startedBy(commands, 3), {
      code: 'VERSION_NOT_FOUND',
      message: 'Expected the number of a version of "counted", of which there are 2, but found 3.',
      details: { field: 'version', found: 3, expected: 'a number from 1 to 2' },
    });
  });

  test('is what events start', async () => {
    const { change, emit } = await withTwo();
    expect((await emit('number:1')).executions).toEqual([]);
    expect((await emit('number:2')).executions).toHaveLength(1);
    await change('counted', 'set_default', 1);
    expect((await emit('number:1')).executions).toHaveLength(1);
    expect((await emit('number:2')).executions).toEqual([]);
  });

  test('is set by the operator who said so last, whichever process asks', async () => {
    const log = await temporaryLog();
    const here = await openCommands({ log, ids: countingIds(0.5, 1) });
    const there = await openCommands({ log, ids: countingIds(0.5, 2) });
    const first = await here.register(version(1));
    await there.register(version(2));
    await here.change('counted', 'set_default', 2);
    await there.change('counted', 'set_default', 1);
    await here.definitions.refresh('counted');
    expect((await here.definitions.startable('counted')).hash).toBe(first.definition);
    expect((await commitsOf(log, 'workflow-counted')).map(({ events }) => events[0]?.type)).toEqual([
      'workflow.registered',
      'workflow.registered',
      'workflow.default_set',
      'workflow.default_set',
    ]);
  });
});

describe('a workflow that is retired', () => {
  const RETIRED = {
    code: 'WORKFLOW_RETIRED',
    message: 'Expected a workflow that may be started, but "counted" is retired.',
    details: { field: 'workflow', found: 'counted' },
  };

  test('is not started any more, by whomever, until that is taken back', async () => {
    const commands = await withTwo();
    const { change, emit, store, hashes, log } = commands;
    await change('counted', 'retire');
    await store.thenRefused(() => startedBy(commands), RETIRED);
    await store.thenRefused(() => startedBy(commands, 1), RETIRED);
    expect((await emit('number:2')).executions).toEqual([]);
    await change('counted', 'unretire');
    expect(await startedBy(commands)).toBe(hashes[1]);
    expect((await emit('number:2')).executions).toHaveLength(1);
    const decided = (await commitsOf(log, 'workflow-counted')).slice(2).flatMap(({ events }) => events);
    expect(decided).toEqual([
      { type: 'workflow.retired', facts: { workflow: 'counted' }, payload: { reason: 'because' } },
      { type: 'workflow.unretired', facts: { workflow: 'counted' }, payload: { reason: 'because' } },
    ]);
  });

  test('takes new versions, and stays retired', async () => {
    const commands = await withTwo();
    await commands.change('counted', 'retire');
    expect(await commands.register(version(3))).toMatchObject({ number: 3, created: true });
    await expect(startedBy(commands)).rejects.toMatchObject(RETIRED);
  });

  test('lets go on what runs, and starts what was accepted before', async () => {
    const { change, emit, startExecution, signal, end, hashes } = await withTwo();
    const { executionId } = await startExecution('counted');
    const { executions } = await emit('number:2', null, 'a-key');
    await change('counted', 'retire');
    expect(await emit('number:2', null, 'a-key')).toMatchObject({
      executions: [{ executionId: executions[0]?.executionId, created: false }],
    });
    await signal(executionId, 'go2');
    expect((await end(executionId)).state).toMatchObject({ status: 'completed', definition: hashes[1] });
  });

  test('answers a key that was used before with what that started', async () => {
    const { change, startExecution, store } = await withTwo();
    const first = await startExecution('counted', null, 'order-7');
    await change('counted', 'retire');
    const again = await store.thenAddsNothing(() => startExecution('counted', null, 'order-7'));
    expect(again).toEqual({ ...first, created: false });
    await store.thenRefused(() => startExecution('counted', null, 'order-8'), RETIRED);
  });

  test('is known to be by another process that reads it', async () => {
    const { change, log } = await withTwo();
    await change('counted', 'retire');
    const other = await openCommands({ log, complete: false });
    expect(await other.definitions.preload(['counted'])).toEqual([]);
    other.definitions.complete();
    await expect(other.startExecution('counted')).rejects.toMatchObject(RETIRED);
  });
});

describe('a version that is retired', () => {
  test('is not started, while others are', async () => {
    const commands = await withTwo();
    const { change, emit, store, hashes, log } = commands;
    await change('counted', 'retire', 2);
    const refusal = {
      code: 'VERSION_RETIRED',
      message: 'Expected a version that may be started, but version 2 of "counted" is retired.',
      details: { field: 'version', found: 2 },
    };
    await store.thenRefused(() => startedBy(commands), refusal);
    await store.thenRefused(() => startedBy(commands, 2), refusal);
    await store.thenRefused(() => change('counted', 'set_default', 2), refusal);
    expect((await emit('number:2')).executions).toEqual([]);
    expect(await startedBy(commands, 1)).toBe(hashes[0]);
    await change('counted', 'set_default', 1);
    expect(await startedBy(commands)).toBe(hashes[0]);
    await change('counted', 'unretire', 2);
    expect(await startedBy(commands, 2)).toBe(hashes[1]);
    const facts = { workflow: 'counted', definition: hashes[1], number: 2 };
    const decided = (await commitsOf(log, 'workflow-counted')).slice(2).flatMap(({ events }) => events);
    expect(decided.map(({ type }) => type)).toEqual([
      'workflow.version_retired',
      'workflow.default_set',
      'workflow.version_unretired',
    ]);
    expect(decided[0]).toMatchObject({ facts, payload: { reason: 'because' } });
    expect(decided[2]).toMatchObject({ facts, payload: { reason: 'because' } });
  });

  test('says the same as one that is not: that one is started', async () => {
    const commands = await withTwo();
    await commands.register(version(1));
    await commands.change('counted', 'retire', 1);
    expect(await startedBy(commands)).toBe(commands.hashes[0]);
  });
});

describe('what is decided about a workflow', () => {
  test.for([
    ['set_default', 1],
    ['retire', undefined],
    ['retire', 2],
  ] as const)('adds nothing when it is so already: %s %s', async ([type, number]) => {
    const { change, store } = await withTwo();
    const first = await change('counted', type, number);
    expect(await store.thenAddsNothing(() => change('counted', type, number))).toEqual(first);
  });

  test.for([
    ['set_default', undefined],
    ['unretire', undefined],
    ['unretire', 1],
  ] as const)('adds nothing where nothing was decided yet: %s %s', async ([type, number]) => {
    const { change, store } = await withTwo();
    await store.thenAddsNothing(() => change('counted', type, number));
  });

  test.for(['set_default', 'retire', 'unretire'] as const)(
    'is refused when there is none: %s',
    async (type) => {
      const { change, store } = await withTwo();
      await store.thenRefused(() => change('nobody', type), { code: 'WORKFLOW_NOT_FOUND' });
      await store.thenRefused(() => change('counted', type, 3), { code: 'VERSION_NOT_FOUND' });
      await store.thenRefused(() => change('counted', type, 0), { code: 'VERSION_NOT_FOUND' });
    },
  );

  test('is chained behind what another process decided meanwhile', async () => {
    const log = await temporaryLog();
    const here = await openCommands({ log, ids: countingIds(0.5, 1) });
    const there = await openCommands({ log, ids: countingIds(0.5, 2) });
    await here.register(version(1));
    await there.register(version(1));
    await Promise.all([here.change('counted', 'retire'), there.change('counted', 'retire', 1)]);
    const types = (await commitsOf(log, 'workflow-counted')).flatMap(({ events }) =>
      events.map(({ type }) => type),
    );
    expect(types.toSorted()).toEqual(['workflow.registered', 'workflow.retired', 'workflow.version_retired']);
  });

  test('is refused when requests would start two workflows by it', async () => {
    const routed = (workflow: string, path: string) =>
      `workflow: ${workflow}\ntrigger: { http: { method: POST, path: ${path} } }\nactivities: [{ name: notify }]\n`;
    const { register, change, store, definitions } = await openCommands();
    await register(routed('one', '/orders'));
    await register(routed('one', '/parcels'));
    await register(routed('other', '/orders'));
    await store.thenRefused(() => change('one', 'set_default', 1), {
      code: 'ROUTE_TAKEN',
      message: 'Expected a version whose requests start no other workflow, but POST /orders starts "other".',
      details: { field: 'workflow', found: 'other' },
    });
    await change('other', 'retire');
    expect(await definitions.routedAt('/orders')).toEqual([]);
    await change('one', 'set_default', 1);
    expect((await definitions.routedAt('/orders')).map(({ workflow }) => workflow)).toEqual(['one']);
    await store.thenRefused(() => change('other', 'unretire'), { code: 'ROUTE_TAKEN' });
  });
});
