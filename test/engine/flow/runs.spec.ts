import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { historyOf, openEngine, seen, type EngineParts, type EngineUnderTest } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const yaml = (concurrency: string): string => `
workflow: few
priority: \${input.rank}
concurrency: ${concurrency}
activities:
  - name: work
    input: { who: "\${input.who}" }
`;
const ONE = yaml('{ max_workflows: 1, queuing: { strategy: priority, timeout: 30s } }');

/** Nodes on one log, whose calls end when they are told to. */
const openNodes = async () => {
  const log = await temporaryLog();
  const clock = handClock();
  const calls = new Map<string, PromiseWithResolvers<string>>();
  const order: string[] = [];
  let nodes = 0;
  const open = (more: Partial<EngineParts> = {}): EngineUnderTest => {
    nodes += 1;
    const work = (_: unknown, input: unknown) => {
      const { who } = input as { readonly who: string };
      order.push(who);
      const call = Promise.withResolvers<string>();
      calls.set(who, call);
      return call.promise;
    };
    return openEngine({ log, clock, ids: countingIds(0.5, nodes), activities: { work }, ...more });
  };
  const ids = new Map<string, string>();
  const start = async (node: EngineUnderTest, who: string, wanted: string, source = ONE, rank = 0) => {
    const { id } = await node.start(source, { who, rank });
    ids.set(who, id);
    return (await until(log, id, wanted)).facts;
  };
  const idOf = (who: string): string => ids.get(who) ?? '';
  return { log, clock, calls, order, open, start, idOf };
};

const until = (log: EventLog, id: string, wanted: string): Promise<ExecutionEvent> =>
  seen(log, id, ({ type }) => type === wanted);
const typesOf = async (log: EventLog, id: string) => (await historyOf(log, id)).map(({ type }) => type);
const stop = async (node: EngineUnderTest, clock: HandClock): Promise<void> => {
  const stopped = node.engine.drain(0);
  clock.advance(0);
  await stopped;
};

describe('executions of a workflow of which only so many go on', () => {
  it('wait for their turns on all nodes together, the most urgent first', async () => {
    const { log, calls, order, open, start, idOf } = await openNodes();
    const [a, b] = [open(), open()];
    await start(a, 'first', 'step.started');
    expect(await start(b, 'low', 'execution.queued')).toMatchObject({
      gate: 'max_workflows',
      key: 'few',
      request: 1,
      position: 1,
      of: 1,
    });
    await start(a, 'next', 'execution.queued');
    expect(await start(b, 'high', 'execution.queued', ONE, 9)).toMatchObject({ position: 1, of: 3 });
    for (const who of ['first', 'high', 'low', 'next']) {
      await until(log, idOf(who), 'step.started');
      calls.get(who)?.resolve('done');
      await until(log, idOf(who), 'execution.completed');
    }
    expect(order).toEqual(['first', 'high', 'low', 'next']);
    expect(await typesOf(log, idOf('high'))).toEqual([
      'execution.started',
      'execution.requested',
      'execution.queued',
      'execution.admitted',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('fail when they have waited for too long', async () => {
    const { clock, open, start, idOf } = await openNodes();
    const node = open();
    await start(node, 'first', 'step.started');
    await start(node, 'late', 'execution.queued');
    await clock.armed(clock.now() + 30_000);
    clock.advance(30_000);
    const { state } = await node.end(idOf('late'));
    expect(state.failure?.error).toEqual({
      type: 'QueueTimeout',
      message:
        'Expected the execution to be let in within 30000 ms, but it waited longer, at position 1 of 1.',
      details: { key: 'few', count: 1, of: 1 },
    });
  });

  it('keep their places over a restart, whoever asks first', async () => {
    const { log, clock, calls, open, start, idOf } = await openNodes();
    const lost = open();
    await start(lost, 'first', 'step.started');
    await start(lost, 'second', 'execution.queued');
    await start(lost, 'third', 'execution.queued');
    await stop(lost, clock);
    const node = open();
    for (const who of ['third', 'second', 'first']) await node.engine.resume(idOf(who));
    // The call was interrupted, and with it that execution has ended.
    await until(log, idOf('first'), 'execution.failed');
    await until(log, idOf('second'), 'step.started');
    expect(await typesOf(log, idOf('third'))).not.toContain('execution.admitted');
    calls.get('second')?.resolve('done');
    await until(log, idOf('third'), 'step.started');
    expect((await typesOf(log, idOf('third'))).filter((type) => type === 'execution.queued')).toHaveLength(1);
    expect(node.errors).toEqual([]);
  });

  it('give their places back when they are cancelled, going on or waiting', async () => {
    const { log, open, start, idOf } = await openNodes();
    const [a, b] = [open(), open()];
    await start(a, 'first', 'step.started');
    await start(a, 'second', 'execution.queued');
    await start(b, 'third', 'execution.queued');
    for (const who of ['second', 'first'])
      await a.engine.executions.handle(idOf(who), { type: 'cancel', reason: 'enough' });
    await until(log, idOf('third'), 'step.started');
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('keep their places while they are paused', async () => {
    const { log, calls, open, start, idOf } = await openNodes();
    const node = open();
    await start(node, 'first', 'step.started');
    await start(node, 'second', 'execution.queued');
    await start(node, 'third', 'execution.queued');
    const { executions } = node.engine;
    await executions.handle(idOf('second'), { type: 'pause', reason: 'wait' });
    calls.get('first')?.resolve('done');
    await node.end(idOf('first'));
    await executions.handle(idOf('second'), { type: 'resume', reason: 'go on' });
    await until(log, idOf('second'), 'step.started');
    expect(await typesOf(log, idOf('third'))).not.toContain('execution.admitted');
    // One that goes on and is paused has its place too.
    await executions.handle(idOf('second'), { type: 'pause', reason: 'wait' });
    calls.get('second')?.resolve('done');
    await until(log, idOf('second'), 'step.completed');
    expect(await typesOf(log, idOf('third'))).not.toContain('execution.admitted');
    await executions.handle(idOf('second'), { type: 'resume', reason: 'go on' });
    await until(log, idOf('third'), 'step.started');
  });

  it('take the places that a node that is gone did not give back', async () => {
    const { log, clock, calls, open, start, idOf } = await openNodes();
    const mute: EventLog = {
      ...log,
      append: (commit) =>
        commit.events[0]?.type === 'limiter.released' ? new Promise(() => undefined) : log.append(commit),
    };
    const lost = open({ log: mute });
    await start(lost, 'first', 'step.started');
    calls.get('first')?.resolve('done');
    await lost.end(idOf('first'));
    void lost.engine.drain(0);
    clock.advance(0);
    const node = open();
    await start(node, 'second', 'step.started');
    expect(node.errors).toEqual([]);
  });

  it('are so many of each value of the key', async () => {
    const source = yaml('{ max_workflows: 1, key: "${input.who}" }');
    const { open, start, log } = await openNodes();
    const node = open();
    await start(node, 'ann', 'step.started', source);
    await start(node, 'bob', 'step.started', source);
    const facts = await start(node, 'ann', 'execution.queued', source);
    expect(facts).toMatchObject({ position: 1, of: 1, key: expect.stringMatching(/^few#[0-9a-f]{16}$/) });
    const streams = new Set<string>();
    const over = new AbortController();
    for await (const { events, caughtUp } of log.subscribe({ after: 0n, signal: over.signal })) {
      for (const { type, stream } of events) if (type === 'limiter.requested') streams.add(stream);
      if (caughtUp) over.abort();
    }
    expect(streams.size).toBe(2);
  });

  it('count as children of others too, which wait until they have ended', async () => {
    const { log, calls, open, start, idOf } = await openNodes();
    const node = open();
    await start(node, 'first', 'step.started');
    const parent = `
workflow: parent
activities:
  - name: child
    workflow: { name: few, input: { who: inner, rank: 0 } }
`;
    const { id } = await node.start(parent);
    const { facts } = await until(log, id, 'child.started');
    const child = 'child' in facts ? facts.child : '';
    await until(log, child, 'execution.queued');
    calls.get('first')?.resolve('done');
    await until(log, child, 'step.started');
    calls.get('inner')?.resolve('done');
    const { state } = await node.end(id);
    expect(state.status).toBe('completed');
    expect(idOf('first')).not.toBe('');
  });
});
