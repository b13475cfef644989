import { describe, expect, test } from 'vitest';
import type { ExecutionStarted } from '../../src/domain/execution/events.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { gatheredIdOf } from '../../src/domain/uuid.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { recordedOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, type Commands, type CommandsParts } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const STEP = 'activities: [{ name: rest, wait: { signal: go } }]\n';
const batch = (how: string, more = ''): string =>
  `workflow: many\ntrigger: { event: happened, batch: { ${how} } }\n${more}${STEP}`;
const burst = (how = 'for: 30s, max: 60s'): string =>
  `workflow: many\ntrigger: { event: happened, debounce: { ${how} } }\n${STEP}`;

const open = async (yaml: string, parts: CommandsParts = {}): Promise<Commands> => {
  const commands = await openCommands(parts);
  await commands.register(yaml);
  return commands;
};

const storyOf = async (log: EventLog, id = 'many') =>
  (await log.read(streamOf('gathering', id))).map(({ type, facts }) =>
    type === 'trigger.gathered' ? facts['count'] : facts['reason'],
  );

const startOf = async (log: EventLog, id: string) => {
  const [first] = await recordedOf(log, id);
  return JSON.parse(first?.payload ?? '{}') as ExecutionStarted['payload'];
};

const idOf = (from: number, key = ''): string => gatheredIdOf('many', key, from);

describe('an event that is to start a run with others', () => {
  test('waits for them, which it is answered with, and starts one with the last of them', async () => {
    const commands = await open(
      batch('size: 3, timeout: 10s', 'variables: { n: "${events.map(e, e.n)}" }\n'),
    );
    const { emit, log, clock, definitions } = commands;
    const dueAt = clock.now() + 10_000;
    const first = await emit('happened', { n: 1 });
    const { eventId } = first;
    expect(first).toEqual({
      eventId,
      executions: [],
      skipped: [],
      gathered: [{ workflow: 'many', count: 1, dueAt }],
      position: await log.end(),
    });
    const { hash: definition } = await definitions.startable('many');
    const of = { workflow: 'many', key: '', definition };
    expect(await commitsOf(log, 'gathering-many')).toEqual([
      {
        metadata: metadataOf(ANN, eventId, clock.now(), definition),
        events: [
          {
            type: 'trigger.gathered',
            facts: {
              ...of,
              event: eventId,
              kind: 'batch',
              from: 0,
              count: 1,
              bytes: 7,
              since: clock.now(),
              dueAt,
            },
          },
        ],
      },
    ]);
    clock.advance(4_000);
    expect(await emit('happened', { n: 2 })).toMatchObject({ gathered: [{ count: 2, dueAt }] });
    const last = await emit('happened', { n: 3 });
    const id = idOf(0);
    expect(last).toMatchObject({ executions: [{ executionId: id, created: true }], gathered: [] });
    expect((await commitsOf(log, 'gathering-many')).at(-1)?.events[1]).toEqual({
      type: 'trigger.released',
      facts: { ...of, from: 0, count: 3, execution: id, reason: 'full' },
    });
    expect(await startOf(log, id)).toEqual({
      input: null,
      event: null,
      events: [{ n: 1 }, { n: 2 }, { n: 3 }],
      variables: { n: [1, 2, 3] },
    });
    const execution = await commands.engine.executions.load(id);
    expect(execution?.state).toMatchObject({ trigger: 'happened', event: { n: 3 } });
    expect((await recordedOf(log, id))[0]?.commit.metadata).toMatchObject({
      actor: ANN.actor,
      tenant: ANN.tenant,
    });
  });

  test('is gathered once, however often it comes, and is answered as things are by then', async () => {
    const { emit, store } = await open(batch('size: 2, timeout: 10s'));
    const first = await emit('happened', 1, 'first');
    expect(await store.thenAddsNothing(() => emit('happened', 1, 'first'))).toEqual(first);
    const second = await emit('happened', 2, 'second');
    for (const key of ['first', 'second'])
      expect(await store.thenAddsNothing(() => emit('happened', null, key))).toMatchObject({
        executions: [{ executionId: second.executions[0]?.executionId, created: false }],
        gathered: [],
      });
  });

  test('is gathered once though a hundred others came since', async () => {
    const { emit, store } = await open(burst('for: 30s'));
    await emit('happened', 1, 'first');
    for (let n = 0; n < 120; n += 1) await emit('happened', n);
    const { gathered } = await store.thenAddsNothing(() => emit('happened', 1, 'first'));
    expect(gathered).toMatchObject([{ count: 121 }]);
  });

  test('waits with those of its key; one whose key cannot be had starts a run of its own', async () => {
    const { emit, log } = await open(batch('size: 2, timeout: 10s, key: "${event.id}"'));
    expect((await emit('happened', { id: 1 })).gathered).toMatchObject([{ count: 1 }]);
    expect((await emit('happened', { id: 2 })).gathered).toMatchObject([{ count: 1 }]);
    expect((await emit('happened', { id: 1 })).executions).toHaveLength(1);
    const alone = await emit('happened', { no: 'id' });
    expect(alone).toMatchObject({ executions: [{ created: true }], gathered: [] });
    expect(await startOf(log, alone.executions[0]?.executionId ?? '')).toMatchObject({
      events: [{ no: 'id' }],
    });
  });

  test('puts off the run of a burst', async () => {
    const { emit, clock, log } = await open(burst());
    const at = clock.now();
    await emit('happened');
    clock.advance(20_000);
    expect((await emit('happened')).gathered).toMatchObject([{ count: 2, dueAt: at + 50_000 }]);
    clock.advance(25_000);
    expect((await emit('happened')).gathered).toMatchObject([{ count: 3, dueAt: at + 60_000 }]);
    expect(await storyOf(log)).toEqual([1, 2, 3]);
  });

  test('that comes when what waits is due starts that before, which it is not with', async () => {
    const { emit, clock, log } = await open(burst('for: 30s'));
    await emit('happened', 'old');
    clock.advance(30_000);
    expect(await emit('happened', 'new')).toMatchObject({ executions: [], gathered: [{ count: 1 }] });
    expect(await storyOf(log)).toEqual([1, 'due', 1]);
    expect(await startOf(log, idOf(0))).toMatchObject({ event: 'old' });
    expect(await startOf(log, idOf(0))).not.toHaveProperty('events');
  });

  test('starts a batch early that would be too large with it', async () => {
    const { emit, log } = await open(batch('size: 100, timeout: 10s'), { maxPayload: 2_000 });
    const text = 'x'.repeat(400);
    await emit('happened', text);
    await emit('happened', text);
    expect((await emit('happened', text)).gathered).toMatchObject([{ count: 1 }]);
    expect(await storyOf(log)).toEqual([1, 2, 'large', 1]);
    expect((await startOf(log, idOf(0))).events).toEqual([text, text]);
  });

  test('waits for its run though the workflow is retired, and for the version of the last event', async () => {
    const { emit, register, change, log } = await open(batch('size: 2, timeout: 10s'));
    await emit('happened', 1);
    const { definition } = await register(batch('size: 2, timeout: 20s'));
    await change('many', 'retire');
    expect(await emit('happened', 'nobody listens')).toMatchObject({ executions: [], gathered: [] });
    await change('many', 'unretire');
    const { executions } = await emit('happened', 2);
    const [first] = await recordedOf(log, executions[0]?.executionId ?? '');
    expect(first?.facts['definition']).toBe(definition);
    expect(await startOf(log, idOf(0))).toMatchObject({ events: [1, 2] });
  });

  test('starts what waits for another kind of run before', async () => {
    const { emit, register, log } = await open(burst());
    await emit('happened', 1);
    await register(batch('size: 2, timeout: 20s'));
    await emit('happened', 2);
    expect(await storyOf(log)).toEqual([1, 'changed', 1]);
    expect(await startOf(log, idOf(0))).toMatchObject({ event: 1 });
  });

  test('is in one run, whatever many events come to however many nodes', async () => {
    const log = await temporaryLog();
    const nodes = await Promise.all(
      [1, 2, 3].map((space) => openCommands({ log, ids: countingIds(0.5, space) })),
    );
    await nodes[0]?.register(batch('size: 4, timeout: 10s'));
    for (const { definitions } of nodes) await definitions.preload(['many']);
    const payloads = Array.from({ length: 24 }, (_, n) => n);
    const answers = await Promise.all(payloads.map(async (n) => nodes[n % 3]?.emit('happened', n)));
    const started = new Set(
      answers.flatMap((answer) => answer?.executions.map(({ executionId }) => executionId)),
    );
    expect(started.size).toBe(6);
    const starts = await Promise.all([...started].map((id) => startOf(log, id ?? '')));
    const all = starts.flatMap(({ events = [] }) => events as readonly number[]);
    expect(all.toSorted((a, b) => a - b)).toEqual(payloads);
  });
});

describe('a run of a workflow that takes batches', () => {
  test('that is started by hand has no events', async () => {
    const { startExecution, log } = await open(
      batch('size: 2, timeout: 1s', 'variables: { n: "${events.size()}" }\n'),
    );
    const { executionId } = await startExecution('many', { by: 'hand' });
    expect(await startOf(log, executionId)).toEqual({
      input: { by: 'hand' },
      event: null,
      variables: { n: 0 },
    });
  });

  test('fails at once where it cannot hold what its variables make of its events', async () => {
    const more = 'variables: { a: "${events}", b: "${events}" }\n';
    const { emit, engine, log } = await open(batch('size: 2, timeout: 1s', more), { maxPayload: 2_000 });
    await emit('happened', 'x'.repeat(400));
    const { executions } = await emit('happened', 'x'.repeat(400));
    const id = executions[0]?.executionId ?? '';
    expect((await engine.executions.load(id))?.state.status).toBe('failed');
    expect((await recordedOf(log, id)).at(-1)?.facts['errorType']).toBe('PayloadTooLarge');
  });
});
