import { describe, expect, test } from 'vitest';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { createSingletons } from '../../src/commands/singletons.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { handClock } from '../spec/clock.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, type Commands } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const one = (singleton: string, more = ''): string =>
  `workflow: one\ntrigger: { event: happened, singleton: ${singleton}${more} }\nactivities:\n  - { name: rest, wait: { signal: go } }\n`;

const open = async (yaml = one('true')): Promise<Commands> => {
  const commands = await openCommands();
  await commands.register(yaml);
  return commands;
};

const storyOf = async ({ log }: Pick<Commands, 'log'>, stream = 'trigger-one') =>
  (await log.read(stream)).map(({ type, facts }) => [type, facts['running'] ?? facts['execution']]);

const whole = async (log: EventLog): Promise<readonly RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  for await (const { events, caughtUp } of log.subscribe({
    after: 0n,
    signal: new AbortController().signal,
  })) {
    found.push(...events);
    if (caughtUp) break;
  }
  return found;
};

describe('a workflow of which one runs at a time', () => {
  test('is started by an event while none runs, and not by another while it does, which is told', async () => {
    const commands = await open();
    const { emit, log, clock, definitions } = commands;
    const first = await emit('happened');
    const running = first.executions[0]?.executionId ?? '';
    expect(first).toMatchObject({ executions: [{ created: true }], skipped: [] });
    const second = await emit('happened');
    const { eventId, position } = second;
    expect(second).toEqual({
      eventId,
      executions: [],
      skipped: [{ workflow: 'one', running }],
      gathered: [],
      position: await log.end(),
    });
    expect(position).toBe(await log.end());
    const { hash: definition } = await definitions.startable('one');
    const execution = executionIdOf('one', eventId);
    expect((await commitsOf(log, 'trigger-one')).at(-1)).toEqual({
      metadata: metadataOf(ANN, eventId, clock.now(), definition),
      events: [
        {
          type: 'trigger.skipped',
          facts: { workflow: 'one', key: '', event: eventId, execution, running },
        },
      ],
    });
    expect(await log.head(streamOf('execution', execution))).toBeUndefined();
    const [emitted] = await log.read(streamOf('event', eventId));
    expect(emitted?.facts['starts']).toEqual([{ workflow: 'one', definition, singleton: '' }]);
  });

  test('is started again once it has ended, however that was', async () => {
    const commands = await open();
    const { emit, signal, cancel } = commands;
    const idOf = async () => (await emit('happened')).executions[0]?.executionId ?? '';
    const first = await idOf();
    await signal(first, 'go');
    const second = await idOf();
    await emit('happened');
    await cancel(second);
    const third = await idOf();
    expect(await storyOf(commands)).toEqual([
      ['trigger.fired', first],
      ['trigger.fired', second],
      ['trigger.skipped', second],
      ['trigger.fired', third],
    ]);
  });

  test('runs once for each key; an event whose key cannot be had starts one of its own', async () => {
    const commands = await open(one('{ key: "${event.id}" }'));
    const { emit, log } = commands;
    expect((await emit('happened', { id: 1 })).executions).toHaveLength(1);
    expect((await emit('happened', { id: 2 })).executions).toHaveLength(1);
    expect((await emit('happened', { id: 1 })).skipped).toHaveLength(1);
    expect((await emit('happened', {})).executions).toHaveLength(1);
    expect((await emit('happened', {})).executions).toHaveLength(1);
    const events = await whole(log);
    const streams = events.flatMap(({ type, stream }) => (type === 'trigger.fired' ? [stream] : []));
    expect(streams).toEqual([
      expect.stringMatching(/^trigger-one#[0-9a-f]{16}$/),
      expect.stringMatching(/^trigger-one#/),
    ]);
    expect(new Set(streams).size).toBe(2);
  });

  test('stays what it was decided to be when the same event is emitted again, also much later', async () => {
    const commands = await open();
    const { emit, signal, store } = commands;
    const first = await emit('happened', null, 'first');
    const skipped = await emit('happened', null, 'second');
    const running = first.executions[0]?.executionId ?? '';
    await signal(running, 'go');
    for (let n = 0; n < 120; n += 1) {
      const { executions } = await emit('happened');
      await signal(executions[0]?.executionId ?? '', 'go');
    }
    const again = await store.thenAddsNothing(() => emit('happened', null, 'second'));
    expect(again).toMatchObject({ executions: [], skipped: skipped.skipped });
    expect(await store.thenAddsNothing(() => emit('happened', null, 'first'))).toMatchObject({
      executions: [{ executionId: running, created: false }],
    });
  });

  test('is that of its idempotency key, whose events it is not left out for', async () => {
    const { emit } = await open(one('true', ', idempotency_key: "${event.id}"'));
    const first = await emit('happened', { id: 'a' });
    expect((await emit('happened', { id: 'a' })).executions).toMatchObject([
      { executionId: first.executions[0]?.executionId, created: false },
    ]);
    expect((await emit('happened', { id: 'b' })).skipped).toHaveLength(1);
  });

  test('is that of its idempotency key, too, while what that starts is decided and not there yet', async () => {
    const log = await temporaryLog();
    const world = { clock: handClock(), ids: countingIds() };
    const envelopes = createEnvelopes('a-node', world.ids);
    const { claim } = createSingletons({ log, world, envelopes, over: new AbortController().signal });
    const of = { workflow: 'one', definition: 'sha256:1', key: '', at: 0n, execution: 'x', caller: ANN };
    expect(await claim({ ...of, event: 'first' })).toEqual({ fires: true });
    expect(await claim({ ...of, event: 'second' })).toEqual({ fires: true });
    expect(await claim({ ...of, event: 'third', execution: 'y' })).toMatchObject({
      fires: false,
      running: 'x',
    });
    expect(await storyOf({ log })).toEqual([
      ['trigger.fired', 'x'],
      ['trigger.skipped', 'x'],
    ]);
  });

  test('is started once, whatever many events come to however many nodes', async () => {
    const log = await temporaryLog();
    const nodes = [1, 2, 3].map((space) => openCommands({ log, ids: countingIds(0.5, space) }));
    const all = await Promise.all(nodes);
    await all[0]?.register(one('true'));
    for (const { definitions } of all) await definitions.preload(['one']);
    const emits = all.flatMap(({ emit }) => [emit('happened'), emit('happened'), emit('happened')]);
    const answers = await Promise.all(emits);
    expect(answers.flatMap(({ executions }) => executions)).toHaveLength(1);
    expect(answers.flatMap(({ skipped }) => skipped)).toHaveLength(8);
    const fired = (await log.read('trigger-one')).filter(({ type }) => type === 'trigger.fired');
    expect(fired).toHaveLength(1);
  });

  test('is not started by hand any less', async () => {
    const { emit, startExecution } = await open();
    await emit('happened');
    expect(await startExecution('one')).toMatchObject({ created: true });
  });
});
