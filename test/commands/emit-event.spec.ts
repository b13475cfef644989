import { describe, expect, test } from 'vitest';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { NO_STREAM, seal } from '../../src/domain/chain.ts';
import { emittedEventIdOf, executionIdOf } from '../../src/domain/uuid.ts';
import { recordedOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { ANN, openCommands } from './commands.ts';
import { commitsOf, metadataOf, UUID_V5, UUID_V7 } from './stored.ts';

const on = (workflow: string, conditions: string, event = 'ticket:created') => `
workflow: ${workflow}
trigger: { event: "${event}", conditions: ${conditions} }
variables: { ticket: "\${event.id}" }
activities:
  - name: rest
    wait: { signal: go }
`;

const open = async (...yamls: readonly string[]) => {
  const under = await openCommands();
  for (const yaml of yamls) await under.register(yaml);
  const workflowsOf = async (executions: readonly { readonly executionId: string }[]) => {
    const found = await Promise.all(
      executions.map(({ executionId }) => under.engine.executions.load(executionId)),
    );
    return found.map((execution) => execution?.state.workflow ?? '').sort();
  };
  return { ...under, workflowsOf };
};

describe('emitting an event', () => {
  test('stores it, in a stream of its own, before what it starts', async () => {
    const { emit, log, clock, definitions } = await open(on('tickets', '{ priority: high }'));
    const payload = { id: 'T-1', priority: 'high' };
    const answer = await emit('ticket:created', payload);
    const id = executionIdOf('tickets', answer.eventId);
    expect(answer).toEqual({
      eventId: expect.stringMatching(UUID_V7),
      executions: [{ executionId: id, created: true, position: await log.end() }],
      skipped: [],
      gathered: [],
      position: await log.end(),
    });
    const { hash: definition } = await definitions.startable('tickets');
    const facts = { event: 'ticket:created', starts: [{ workflow: 'tickets', definition }] };
    expect(await commitsOf(log, `event-${answer.eventId}`)).toEqual([
      {
        metadata: metadataOf(ANN, answer.eventId, clock.now()),
        events: [{ type: 'event.emitted', facts, payload: { payload } }],
      },
    ]);
    const [commit] = await commitsOf(log, `execution-${id}`);
    expect(commit?.metadata).toEqual(metadataOf(ANN, id, clock.now(), definition));
    expect(commit?.events[0]).toEqual({
      type: 'execution.started',
      facts: { workflow: 'tickets', definition, trigger: 'ticket:created' },
      payload: { input: null, event: payload, variables: { ticket: 'T-1' } },
    });
    const [event] = await log.read(`event-${answer.eventId}`);
    const [started] = await recordedOf(log, id);
    expect(event?.position).toBeLessThan(started?.position ?? 0n);
  });

  test('that nothing waits for stores it and starts nothing', async () => {
    const { emit, log } = await open(on('tickets', '{ priority: high }'));
    const closed = await emit('ticket:closed', { priority: 'high' });
    expect(closed).toEqual({
      eventId: expect.stringMatching(UUID_V7),
      executions: [],
      skipped: [],
      gathered: [],
      position: await log.end(),
    });
    const [stored] = await log.read(`event-${closed.eventId}`);
    expect(stored?.facts).toEqual({ event: 'ticket:closed', starts: [] });
    expect(await emit('ticket:created', { priority: 'low' })).toMatchObject({ executions: [] });
  });

  test('starts every workflow whose conditions hold, by value or in CEL, and no other', async () => {
    const { emit, log, workflowsOf } = await open(
      on('any', '{}'),
      on('high', '{ priority: high }'),
      on('low', '{ priority: low }'),
      on('nested', '{ customer.tier: gold }'),
      on('dear', '{ amount: "${event.amount > 100.0}" }'),
      on('cheap', '{ amount: "${event.amount <= 100.0}" }'),
      on('both', '{ priority: high, amount: "${event.amount > 1000.0}" }'),
      on('missing', '{ amount: "${event.nothing.there == 1}" }'),
      on('closed', '{}', 'ticket:closed'),
    );
    const payload = { id: 'T-1', priority: 'high', amount: 250, customer: { tier: 'gold' } };
    const { executions, position } = await emit('ticket:created', payload);
    expect(await workflowsOf(executions)).toEqual(['any', 'dear', 'high', 'nested']);
    expect(executions.every(({ created }) => created)).toBe(true);
    expect(position).toBe(await log.end());
  });

  test('without a payload starts what asks nothing of it', async () => {
    const { emit, workflowsOf } = await open(
      on('any', '{}').replace(/variables.*\n/, ''),
      on('high', '{ priority: high }'),
    );
    const { executions } = await emit('ticket:created');
    expect(await workflowsOf(executions)).toEqual(['any']);
  });

  test('starts the latest version only', async () => {
    const { emit, register, engine } = await open(on('tickets', '{ priority: high }'));
    const { definition } = await register(on('tickets', '{ priority: low }'));
    expect((await emit('ticket:created', { id: 1, priority: 'high' })).executions).toEqual([]);
    const { executions } = await emit('ticket:created', { id: 1, priority: 'low' });
    const live = await engine.executions.load(executions[0]?.executionId ?? '');
    expect(live?.definition.hash).toBe(definition);
  });

  test('fails an execution whose variables it does not give, and starts the others', async () => {
    const { emit, end, engine } = await open(
      on('tickets', '{}'),
      on('others', '{}').replace('event.id', 'event.name'),
    );
    const { eventId, executions } = await emit('ticket:created', { name: 'Ann' });
    const ended = await end(executionIdOf('tickets', eventId));
    expect(ended.events).toMatchObject([
      { type: 'execution.started', payload: { event: { name: 'Ann' }, variables: {} } },
      { type: 'execution.failed', facts: { step: '', errorType: 'ExpressionError' } },
    ]);
    const other = await engine.executions.load(executionIdOf('others', eventId));
    expect(other?.state).toMatchObject({ status: 'running', variables: { ticket: 'Ann' } });
    expect(executions).toHaveLength(2);
  });

  test('twice without a key is two events', async () => {
    const { emit } = await open(on('tickets', '{}'));
    const [first, second] = [
      await emit('ticket:created', { id: 1 }),
      await emit('ticket:created', { id: 1 }),
    ];
    expect(second.eventId).not.toBe(first.eventId);
    expect(second.executions[0]?.created).toBe(true);
  });
});

describe('emitting an event in which a workflow sees a key', () => {
  const keyed = (workflow: string, key: string, event = 'ticket:created') =>
    on(workflow, `{}, idempotency_key: "${key}"`, event);

  test('starts the execution of that key, which the event says', async () => {
    const { emit, log, definitions } = await open(keyed('tickets', '${event.id}'));
    const { eventId, executions } = await emit('ticket:created', { id: 'T-1' });
    const execution = executionIdOf('tickets', 'T-1');
    expect(executions).toMatchObject([{ executionId: execution, created: true }]);
    const { hash: definition } = await definitions.startable('tickets');
    const [stored] = await log.read(`event-${eventId}`);
    expect(stored?.facts['starts']).toEqual([{ workflow: 'tickets', definition, execution }]);
  });

  test('that was there before starts nothing more, whatever else it says', async () => {
    const { emit, log } = await open(keyed('tickets', '${event.id}'), on('others', '{}'));
    const first = await emit('ticket:created', { id: 'T-1' });
    const again = await emit('ticket:created', { id: 'T-1', more: true });
    expect(again.eventId).not.toBe(first.eventId);
    const of = (answer: typeof first) =>
      answer.executions.map(({ executionId, created }) => [executionId, created]);
    expect(of(again)).toContainEqual([executionIdOf('tickets', 'T-1'), false]);
    expect(of(again)).toContainEqual([executionIdOf('others', again.eventId), true]);
    const started = (await recordedOf(log, executionIdOf('tickets', 'T-1'))).filter(
      ({ type }) => type === 'execution.started',
    );
    expect(started).toHaveLength(1);
  });

  test('that has ended starts it no more', async () => {
    const { emit, end, signal } = await open(keyed('tickets', '${event.id}'));
    const id = executionIdOf('tickets', 'T-1');
    await emit('ticket:created', { id: 'T-1' });
    await signal(id, 'go');
    await end(id);
    expect(await emit('ticket:created', { id: 'T-1' })).toMatchObject({
      executions: [{ executionId: id, created: false }],
    });
  });

  test('starts one for each workflow, and each key', async () => {
    const { emit } = await open(keyed('tickets', '${event.id}'), keyed('others', '${event.id}'));
    const all = [await emit('ticket:created', { id: 1 }), await emit('ticket:created', { id: 2 })];
    const ids = all.flatMap(({ executions }) => executions.map(({ executionId }) => executionId));
    expect(new Set(ids).size).toBe(4);
  });

  test.each([
    ['null', { id: null }],
    ['empty', { id: '' }],
    ['not there', { name: 'x' }],
  ])('that is %s starts one of its own', async (_, payload) => {
    const { emit } = await open(keyed('tickets', '${event.id}').replace(/variables.*\n/, ''));
    for (const time of ['first', 'second']) {
      const { eventId, executions } = await emit('ticket:created', payload);
      const own = executionIdOf('tickets', eventId);
      expect([time, executions]).toMatchObject([time, [{ executionId: own, created: true }]]);
    }
  });

  test('side by side starts one', async () => {
    const { emit, log } = await open(keyed('tickets', '${event.id}'));
    const all = await Promise.all([1, 2, 3].map((n) => emit('ticket:created', { id: 'T', n })));
    expect(all.filter(({ executions }) => executions[0]?.created === true)).toHaveLength(1);
    const recorded = await recordedOf(log, executionIdOf('tickets', 'T'));
    expect(recorded.filter(({ type }) => type === 'execution.started')).toHaveLength(1);
  });
});

describe('emitting an event whose key was used before', () => {
  test('adds nothing, and answers what it started', async () => {
    const { emit, store } = await open(on('tickets', '{}'), on('others', '{}'));
    const first = await emit('ticket:created', { id: 1 }, 'a-key');
    expect(first.eventId).toMatch(UUID_V5);
    const again = await store.thenAddsNothing(() => emit('ticket:created', { id: 1 }, 'a-key'));
    expect(again).toEqual({
      ...first,
      executions: first.executions.map((execution) => ({ ...execution, created: false })),
    });
  });

  test('answers where it stands, also when it started nothing', async () => {
    const { emit, store } = await open(on('tickets', '{}'));
    const first = await emit('ticket:closed', null, 'a-key');
    await emit('ticket:created', { id: 1 });
    expect(await store.thenAddsNothing(() => emit('ticket:closed', null, 'a-key'))).toEqual(first);
  });

  test('is the event that it was, whatever it says now', async () => {
    const { emit, store, workflowsOf } = await open(
      on('high', '{ priority: high }'),
      on('low', '{ priority: low }'),
    );
    await emit('ticket:created', { id: 1, priority: 'high' }, 'a-key');
    const again = await store.thenAddsNothing(() =>
      emit('ticket:created', { id: 2, priority: 'low' }, 'a-key'),
    );
    expect(await workflowsOf(again.executions)).toEqual(['high']);
  });

  test('in another process starts what it was to start, by the versions of then', async () => {
    const { log, register, emit } = await open(on('tickets', '{ priority: high }'));
    const { definition } = await register(on('others', '{}'));
    const reached = Promise.withResolvers<void>();
    const append: typeof log.append = (commit) => {
      if (!commit.stream.startsWith('execution-')) return log.append(commit);
      reached.resolve();
      return new Promise(() => undefined);
    };
    const dying = await openCommands({ log: { ...log, append } });
    await dying.definitions.preload(['tickets', 'others']);
    void dying.emit('ticket:created', { id: 1, priority: 'low' }, 'a-key');
    await reached.promise;
    await register(on('others', '{ priority: high }'));
    await register(on('late', '{}'));
    const { executions } = await emit('ticket:created', null, 'a-key');
    expect(executions).toMatchObject([{ created: true }]);
    const [started] = await recordedOf(log, executions[0]?.executionId ?? '');
    expect(started?.facts).toMatchObject({ workflow: 'others', definition });
    expect(JSON.parse(started?.payload ?? '')).toMatchObject({ event: { id: 1, priority: 'low' } });
  });

  test('and that does not say what it starts, as before that was kept, starts what listens now', async () => {
    const { log, emit, workflowsOf } = await open(
      on('high', '{ priority: high }'),
      on('low', '{ priority: low }'),
    );
    const eventId = emittedEventIdOf('ticket:created', 'a-key');
    const event = {
      type: 'event.emitted',
      facts: { event: 'ticket:created' },
      payload: { payload: { id: 1, priority: 'high' } },
    };
    const metadata = createEnvelopes('a-node', countingIds(0, 7)).open(eventId, ANN, ANN.tenant, 0);
    await log.append(seal(`event-${eventId}`, NO_STREAM, [event], metadata));
    const again = await emit('ticket:created', null, 'a-key');
    expect(again.eventId).toBe(eventId);
    expect(await workflowsOf(again.executions)).toEqual(['high']);
  });

  test('of another type is another event', async () => {
    const { emit } = await open();
    const [created, closed] = [await emit('created', 1, 'a-key'), await emit('closed', 1, 'a-key')];
    expect(created.eventId).not.toBe(closed.eventId);
  });

  test('at the same time is one event that starts each workflow once', async () => {
    const { emit, log } = await open(on('tickets', '{}'), on('others', '{}'));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => emit('ticket:created', { id: 1 }, 'a-key')),
    );
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1);
    expect(answers.flatMap(({ executions }) => executions.filter(({ created }) => created))).toHaveLength(2);
    for (const { executionId } of answers[0]?.executions ?? [])
      expect(await commitsOf(log, `execution-${executionId}`)).toHaveLength(1);
  });
});

describe('an event that is emitted before the workflows are in memory', () => {
  const early = async () => {
    const { log } = await open(on('tickets', '{}'));
    const asked: string[] = [];
    const append: typeof log.append = (commit) => {
      asked.push(commit.stream);
      return log.append(commit);
    };
    return { asked, ...(await openCommands({ log: { ...log, append }, complete: false })) };
  };

  test('is not stored before, and starts what it triggers when they are', async () => {
    const { emit, definitions, log, asked } = await early();
    const emitted = emit('ticket:created', { id: 1 }, 'a-key');
    await log.end();
    expect(asked).toEqual([]);
    await definitions.preload(['tickets']);
    definitions.complete();
    const { eventId, executions } = await emitted;
    expect(executions).toMatchObject([{ created: true, position: await log.end() }]);
    expect(asked).toEqual([`event-${eventId}`, `execution-${executions[0]?.executionId}`]);
  });

  test('is not stored when its caller is told that it was not carried out in time', async () => {
    const { emit, clock, store, asked } = await early();
    await store.thenRefused(
      () => {
        const emitted = emit('ticket:created', { id: 1 });
        clock.advance(10_000);
        return emitted;
      },
      { code: 'UNAVAILABLE' },
    );
    expect(asked).toEqual([]);
  });
});
