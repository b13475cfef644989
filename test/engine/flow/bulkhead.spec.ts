import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { historyOf, openEngine, seen, type EngineParts, type Run } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = `
workflow: paid
activities:
  - name: pay
    bulkhead: { max_concurrent: 2, max_queue_size: 2, timeout: 30s }
`;

/** Calls that end when they are told to, and how many there are at once. */
const slowCalls = () => {
  const open: PromiseWithResolvers<string>[] = [];
  let most = 0;
  const run: Run = () => {
    const call = Promise.withResolvers<string>();
    open.push(call);
    most = Math.max(most, open.length);
    return call.promise;
  };
  return {
    run,
    open,
    end: () => open.shift()?.resolve('paid'),
    get most() {
      return most;
    },
  };
};

const openNodes = async () => {
  const log = await temporaryLog();
  const clock = handClock();
  const calls = slowCalls();
  let nodes = 0;
  const open = (more: Partial<EngineParts> = {}) => {
    nodes += 1;
    const ids = countingIds(0.5, nodes);
    return openEngine({ log, clock, ids, activities: { pay: calls.run, ship: calls.run }, ...more });
  };
  return { log, clock, calls, open };
};

const stop = async (node: ReturnType<typeof openEngine>, clock: HandClock): Promise<void> => {
  const stopped = node.engine.drain(0);
  clock.advance(0);
  await stopped;
};

const typesOf = async (log: EventLog, id: string) => (await historyOf(log, id)).map(({ type }) => type);
const until = (log: EventLog, id: string, wanted: string) => seen(log, id, ({ type }) => type === wanted);

describe('a bulkhead', () => {
  it('lets so many calls of all nodes be made at once, and the others wait for their turn', async () => {
    const { log, calls, open } = await openNodes();
    const [a, b] = [open(), open()];
    const ids: string[] = [];
    for (const node of [a, b, a]) {
      const { id } = await node.start(YAML);
      ids.push(id);
      await until(log, id, ids.length < 3 ? 'step.started' : 'step.queued');
    }
    const fourth = await b.start(YAML);
    const waits = await until(log, fourth.id, 'step.queued');
    expect(waits.facts).toMatchObject({
      reason: 'limit',
      gate: 'bulkhead',
      key: 'pay',
      position: 2,
      of: 2,
      attempt: 1,
    });
    calls.end();
    await until(log, ids[2] ?? '', 'step.started');
    calls.end();
    const { facts } = await until(log, fourth.id, 'step.admitted');
    expect(facts).toMatchObject({ gate: 'bulkhead', key: 'pay', count: 2, of: 2 });
    while (calls.open.length > 0) calls.end();
    await Promise.all([a.end(ids[2] ?? ''), b.end(fourth.id)]);
    expect(calls.most).toBe(2);
    expect(await typesOf(log, fourth.id)).toEqual([
      'execution.started',
      'step.requested',
      'step.queued',
      'step.admitted',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('turns away who finds its queue full, and who has waited for too long', async () => {
    const { log, clock, open } = await openNodes();
    const node = open();
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { id } = await node.start(YAML);
      ids.push(id);
      await until(log, id, n < 2 ? 'step.started' : 'step.queued');
    }
    const full = await node.run(YAML);
    expect(full.state.failure?.error).toEqual({
      type: 'BulkheadFull',
      message: 'Expected at most 2 calls of "pay" at once and 2 that wait, but so many there are.',
      details: { key: 'pay', count: 2, of: 2 },
    });
    await clock.armed(clock.now() + 30_000);
    clock.advance(29_999);
    expect(await typesOf(log, ids[2] ?? '')).not.toContain('step.rejected');
    clock.advance(1);
    const late = await node.end(ids[2] ?? '');
    expect(late.state.failure?.error).toMatchObject({
      type: 'BulkheadTimeout',
      details: { count: 1, of: 2 },
    });
    await node.end(ids[3] ?? '');
    expect(node.errors).toEqual([]);
  });

  it('keeps the places of those that wait over a restart, and of those that are called until they are interrupted', async () => {
    const { log, clock, calls, open } = await openNodes();
    const first = open();
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { id } = await first.start(YAML);
      ids.push(id);
      await until(log, id, n < 2 ? 'step.started' : 'step.queued');
    }
    await stop(first, clock);
    calls.open.length = 0;
    const second = open();
    // The last one asks first, and is still behind the one that came before it.
    await second.engine.resume(ids[3] ?? '');
    await second.engine.resume(ids[2] ?? '');
    expect((await second.run(YAML)).state.failure?.error.type).toBe('BulkheadFull');
    await second.engine.resume(ids[0] ?? '');
    await second.end(ids[0] ?? '');
    await until(log, ids[2] ?? '', 'step.started');
    expect(await typesOf(log, ids[3] ?? '')).not.toContain('step.started');
    calls.end();
    await second.end(ids[2] ?? '');
    await until(log, ids[3] ?? '', 'step.started');
    calls.end();
    const { types } = await second.end(ids[3] ?? '');
    expect(types.filter((type) => type === 'step.queued')).toHaveLength(1);
    expect(second.errors).toEqual([]);
  });

  it('takes back what a node that is gone did not give back', async () => {
    const { log, clock, calls, open } = await openNodes();
    const mute: EventLog = {
      ...log,
      append: (commit) =>
        commit.events[0]?.type === 'limiter.released' ? new Promise(() => undefined) : log.append(commit),
    };
    const lost = open({ log: mute });
    const [one, two] = [await lost.start(YAML), await lost.start(YAML)];
    for (const { id } of [one, two]) await until(log, id, 'step.started');
    calls.end();
    await lost.end(one.id);
    void lost.engine.drain(0);
    clock.advance(0);
    const next = open();
    const { id } = await next.start(YAML);
    await until(log, id, 'step.started');
    expect(calls.open.length).toBe(2);
  });

  it('gives places back when those that have them are cancelled, called or waiting', async () => {
    const { log, open } = await openNodes();
    const node = open();
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { id } = await node.start(YAML);
      ids.push(id);
      await until(log, id, n < 2 ? 'step.started' : 'step.queued');
    }
    for (const n of [2, 0])
      await node.engine.executions.handle(ids[n] ?? '', { type: 'cancel', reason: 'enough' });
    await until(log, ids[3] ?? '', 'step.started');
    expect(node.errors).toEqual([]);
  });
});

describe('how many activities of a workflow are called at once', () => {
  it('is limited whatever they are, and wherever they are called', async () => {
    const yaml = `
workflow: wide
concurrency: { max_activities: 2, queuing: { timeout: 1m } }
activities:
  - name: both
    parallel:
      branches:
        - [{ name: one, activity: pay }]
        - [{ name: two, activity: ship }]
        - [{ name: three, activity: pay }]
`;
    const { log, clock, calls, open } = await openNodes();
    const node = open();
    const { id } = await node.start(yaml);
    const waits = await until(log, id, 'step.queued');
    expect(waits.facts).toMatchObject({ gate: 'max_activities', key: 'wide', position: 1, of: 1 });
    expect(calls.open.length).toBe(2);
    await clock.armed(clock.now() + 60_000);
    clock.advance(60_000);
    const { state } = await node.end(id);
    expect(state.failure?.error.type).toBe('QueueTimeout');
  });
});
