import { describe, expect, test } from 'vitest';
import { childIdOf } from '../../src/domain/uuid.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { CALLER, historyOf, openEngine, seen, sourceOf, type EngineUnderTest } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { cancel, ORDER, PARCEL, weigh } from './parcels.ts';

const open = async (log: EventLog, ids = countingIds()): Promise<EngineUnderTest> => {
  const under = openEngine({ log, ids, activities: {} });
  await under.definitions.register(sourceOf(PARCEL), CALLER);
  under.definitions.complete();
  return under;
};

/** An order whose parcel is being weighed. */
const ordered = async (log: EventLog, under: EngineUnderTest, yaml = ORDER) => {
  const { id } = await under.start(yaml, 'P-1');
  await seen(log, id, ({ type }) => type === 'child.started');
  return { id, child: childIdOf(id, 'collect', 1) };
};

/** Lets the pauses of what was interrupted pass until an execution has ended, which takes no time. */
const endOf = async (log: EventLog, { engine, clock, end }: EngineUnderTest, id: string) => {
  const over = new AbortController();
  const ended = engine.ended(id).then(() => over.abort());
  for await (const { events } of log.subscribe({ after: 0n, signal: over.signal }))
    for (const { type } of events) if (type === 'step.retry_scheduled') clock.advance(0);
  await ended;
  return end(id);
};

describe('a step that runs another workflow', () => {
  test('has what that gave, and is its parent', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id, child } = await ordered(log, under);
    await weigh(under, child, 7);
    const { state, types } = await under.end(id);
    expect(state).toMatchObject({ status: 'completed', variables: { weight: 7 } });
    expect(types).toEqual([
      'execution.started',
      'step.started',
      'child.started',
      'child.ended',
      'step.completed',
      'execution.completed',
    ]);
    const [first] = await historyOf(log, child);
    expect(first).toMatchObject({
      facts: {
        workflow: 'parcel',
        trigger: 'workflow',
        parent: id,
        parentStep: 'collect',
        parentRevision: 1,
        depth: 1,
      },
      payload: { input: { id: 'P-1' } },
    });
    expect(under.errors).toEqual([]);
  });

  test('has what the child’s definition says that it gives, and none of its variables', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    await under.definitions.register(
      sourceOf(`${PARCEL}output: { weight: "\${workflow.weight * 2}" }`),
      CALLER,
    );
    const { id, child } = await ordered(
      log,
      under,
      ORDER.replace('.weight}" }', '.weight}", all: "${output}" }'),
    );
    await weigh(under, child, 7);
    const { state } = await under.end(id);
    expect(state).toMatchObject({ status: 'completed', variables: { weight: 14, all: { weight: 14 } } });
  });

  test('fails with the error of the child, where it is not tried again', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id, child } = await ordered(log, under);
    await weigh(under, child, 10);
    const { state } = await under.end(id);
    expect(state).toMatchObject({
      status: 'failed',
      failure: {
        error: {
          type: 'ChildFailed',
          message: `Expected ${child} of "parcel" to complete, but it is failed with TooHeavy: P-1 is too heavy.`,
          details: { execution: child, status: 'failed', type: 'TooHeavy', message: 'P-1 is too heavy.' },
        },
      },
    });
  });

  test('fails when the child is cancelled by somebody', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id, child } = await ordered(log, under);
    await cancel(under, child);
    const { state } = await under.end(id);
    expect(state.failure?.error).toMatchObject({ type: 'ChildFailed', details: { status: 'cancelled' } });
  });

  test('fails with an input that the workflow does not take, and where there is none of that name or number', async () => {
    const under = await open(await temporaryLog());
    const typeOf = async (child: string) => {
      const yaml = `workflow: order\nactivities:\n  - name: collect\n    workflow: ${child}\n`;
      return (await under.run(yaml)).state.failure?.error.type;
    };
    expect(await typeOf('{ name: parcel, input: [1] }')).toBe('INVALID_INPUT');
    expect(await typeOf('{ name: letter }')).toBe('WORKFLOW_NOT_FOUND');
    expect(await typeOf('{ name: parcel, version: 2 }')).toBe('VERSION_NOT_FOUND');
  });

  test('runs the version that it names, or the latest one', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    await under.definitions.register(
      sourceOf('workflow: parcel\nactivities:\n  - { name: b, end: true }\n'),
      CALLER,
    );
    const { hash } = await under.definitions.startable('parcel', 1);
    const ran = async (more: string) => {
      const { id } = await under.start(
        `workflow: order\nactivities:\n  - { name: collect, workflow: { name: parcel, input: {}, wait: false${more} } }\n`,
      );
      await under.end(id);
      const [first] = await historyOf(log, childIdOf(id, 'collect', 1));
      return first?.type === 'execution.started' ? first.facts.definition : undefined;
    };
    expect(await ran(', version: 1')).toBe(hash);
    expect(await ran(`, version: "${hash}"`)).toBe(hash);
    expect(await ran('')).toBe((await under.definitions.startable('parcel')).hash);
  });

  test('ends its child when it is cancelled, and leaves one that it abandons', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id, child } = await ordered(log, under);
    await cancel(under, id);
    const { events } = await under.end(child);
    expect(events.at(-1)).toMatchObject({
      type: 'execution.cancelled',
      payload: { reason: expect.stringContaining(id) },
    });
    const other = await ordered(
      log,
      under,
      ORDER.replace('name: parcel', 'name: parcel, on_cancel: abandon'),
    );
    await cancel(under, other.id);
    await weigh(under, other.child, 3);
    expect((await under.end(other.child)).state.status).toBe('completed');
  });

  test('ends its child when its time is over, and has failed', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id, child } = await ordered(log, under, ORDER.replace('output:', 'timeout: 1h\n    output:'));
    under.clock.advance(3_600_000);
    const { state, types } = await under.end(id);
    expect(state).toMatchObject({ status: 'failed', failure: { error: { type: 'Timeout' } } });
    expect(types.slice(-4)).toEqual([
      'timer.fired',
      'child.cancel_requested',
      'step.failed',
      'execution.failed',
    ]);
    expect((await under.end(child)).state.status).toBe('cancelled');
  });

  test('ends children of children', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    await under.definitions.register(sourceOf(ORDER), CALLER);
    const top = 'workflow: top\nactivities:\n  - { name: all, workflow: { name: order, input: P-1 } }\n';
    const { id } = await under.start(top);
    const order = childIdOf(id, 'all', 1);
    const parcel = childIdOf(order, 'collect', 1);
    await seen(log, order, ({ type }) => type === 'child.started');
    await cancel(under, id);
    expect((await under.end(parcel)).state).toMatchObject({ status: 'cancelled', parent: { depth: 2 } });
  });

  test('that is given up while its child is being started ends that', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const { id } = await under.start(ORDER, 'P-1');
    // Nobody has started the child by now.
    await cancel(under, id);
    const child = childIdOf(id, 'collect', 1);
    expect((await under.end(child)).types).toEqual([
      'execution.started',
      'step.started',
      'signal.awaited',
      'execution.cancelled',
    ]);
  });

  test('fails where they would wait for one another without end', async () => {
    const log = await temporaryLog();
    const under = await open(log);
    const waitingFor = (workflow: string, child: string) =>
      `workflow: ${workflow}\nactivities:\n  - { name: again, workflow: { name: ${child} } }\n`;
    // Each node knows one of them only.
    const other = openEngine({ log, ids: countingIds(0.3), activities: {} });
    await other.definitions.register(sourceOf(waitingFor('endless', 'circle')), CALLER);
    const { state } = await under.run(waitingFor('circle', 'endless'));
    expect(state.status).toBe('failed');
    expect(JSON.stringify(state.failure?.error)).toContain('TooDeep');
    const started = new Set<string>();
    const over = new AbortController();
    for await (const { events, caughtUp } of log.subscribe({ after: 0n, signal: over.signal })) {
      for (const { type, stream } of events) if (type === 'execution.started') started.add(stream);
      if (caughtUp) over.abort();
    }
    expect(started.size).toBe(33);
    await expect(
      under.definitions.register(sourceOf(waitingFor('circle', 'endless') + '  - { name: b }\n'), CALLER),
    ).rejects.toMatchObject({
      details: { problems: [{ code: 'CHILD_CYCLE' }] },
    });
  });
});

describe('a server that was lost', () => {
  test('before the child was there is followed by one that starts it, once', async () => {
    const log = await temporaryLog();
    const before = openEngine({ log, ids: countingIds(), activities: {} });
    // It never learns of all workflows, so it waits for them.
    const { id } = await before.start(ORDER, 'P-1');
    const next = await open(log, countingIds(0.3));
    await next.engine.resume(id);
    await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
    next.clock.advance(0);
    const started = await seen(log, id, ({ type }) => type === 'child.started');
    const child = childIdOf(id, 'collect', 1);
    expect(started).toMatchObject({ facts: { attempt: 2, child } });
    await weigh(next, child, 1);
    expect((await next.end(id)).state.status).toBe('completed');
  });

  test('when the child was there and nobody knew is followed by one that waits for that child', async () => {
    const log = await temporaryLog();
    const before = openEngine({ log, ids: countingIds(), activities: {} });
    const { id } = await before.start(ORDER, 'P-1');
    const child = childIdOf(id, 'collect', 1);
    const next = await open(log, countingIds(0.3));
    const definition = await next.definitions.startable('parcel');
    const parent = { execution: id, step: 'collect', revision: 1, depth: 1 };
    const input = { id: 'as it was' };
    const start = { type: 'start', id: child, trigger: 'workflow', input, event: null, parent } as const;
    await next.engine.executions.start(child, definition, start, CALLER);
    await weigh(next, child, 2);
    await next.engine.resume(id);
    expect((await endOf(log, next, id)).state).toMatchObject({
      status: 'completed',
      variables: { weight: 2 },
    });
    expect((await historyOf(log, child)).filter(({ type }) => type === 'execution.started')).toHaveLength(1);
  });

  test('while the child ran is followed by one that hears of its end, before and after', async () => {
    for (const isLate of [false, true]) {
      const log = await temporaryLog();
      const before = await open(log);
      const { id, child } = await ordered(log, before);
      await before.engine.drain(0, Promise.resolve(before.clock.advance(0)));
      const next = await open(log, countingIds(0.3));
      if (!isLate) await weigh(next, child, 4);
      await next.engine.resume(id);
      if (isLate) await weigh(next, child, 4);
      expect((await next.end(id)).state).toMatchObject({ status: 'completed', variables: { weight: 4 } });
    }
  });

  test('when its parent was cancelled and the child had not heard is followed by one that ends it', async () => {
    const log = await temporaryLog();
    const before = await open(log);
    const { id, child } = await ordered(log, before);
    // Whoever runs only the parent tells the child by the log alone.
    const owned = {
      owns: (one: string) => one === id,
      holds: () => true,
      takes: () => true,
      whenHeld: () => Promise.resolve(true),
    };
    const alone = openEngine({ log, ids: countingIds(0.2), activities: {}, owned });
    await cancel(alone, id);
    expect((await historyOf(log, child)).at(-1)?.type).toBe('signal.awaited');
    const next = await open(log, countingIds(0.3));
    await next.engine.resume(child);
    expect((await next.end(child)).state.status).toBe('cancelled');
  });
});
