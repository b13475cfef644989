import { describe, expect, it } from 'vitest';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { historyOf, openEngine, seen, type EngineUnderTest } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { claimOf, openWorkers } from '../workers/opened.ts';

const render = (more: string) => `
workflow: render
activities:
  - name: render
    ${more}
`;
const SMALL = render('resources: { cpu: { request: 1 }, memory: { request: 1Gi } }');
const LARGE = render('resources: { memory: { request: 4Gi } }');

const openNodes = async () => {
  const log = await temporaryLog();
  const clock = handClock();
  const calls: PromiseWithResolvers<string>[] = [];
  const run = () => {
    const call = Promise.withResolvers<string>();
    calls.push(call);
    return call.promise;
  };
  let nodes = 0;
  const open = (memory = 2_048) => {
    nodes += 1;
    return openEngine({
      log,
      clock,
      ids: countingIds(0.5, nodes),
      activities: { render: run },
      capacity: { node: `n${nodes}`, cpu: 4_000, memory },
    });
  };
  const until = (id: string, wanted: string) => seen(log, id, ({ type }) => type === wanted);
  const typesOf = async (id: string) => (await historyOf(log, id)).map(({ type }) => type);
  /** Starts so many that two are called and the others wait. */
  const fill = async (node: EngineUnderTest, count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const { id } = await node.start(SMALL);
      ids.push(id);
      await until(id, n < 2 ? 'step.started' : 'step.queued');
    }
    return ids;
  };
  return { log, clock, calls, open, until, typesOf, fill };
};

const stop = async (node: EngineUnderTest, clock: HandClock): Promise<void> => {
  const stopped = node.engine.drain(0);
  clock.advance(0);
  await stopped;
};

describe('resources that calls request', () => {
  it('are reserved on their node for as long as they are made, and what does not fit waits', async () => {
    const { log, calls, open, until, fill, typesOf } = await openNodes();
    const node = open();
    const [first = '', , third = ''] = await fill(node, 3);
    expect((await historyOf(log, first)).filter(({ type }) => type === 'step.admitted')).toMatchObject([
      { facts: { gate: 'cpu', key: 'n1', count: 1_000, of: 4_000, needs: 1_000, attempt: 1 } },
      { facts: { gate: 'memory', key: 'n1', count: 1_024, of: 2_048, needs: 1_024, attempt: 1 } },
    ]);
    const { facts } = await until(third, 'step.queued');
    expect(facts).toEqual({
      workflow: 'render',
      step: 'render',
      activity: 'render',
      attempt: 1,
      reason: 'limit',
      gate: 'memory',
      key: 'n1',
      position: 1,
      of: 1,
      needs: 1_024,
      capacity: 2_048,
    });
    calls[0]?.resolve('done');
    await until(third, 'step.started');
    expect(calls).toHaveLength(3);
    calls[2]?.resolve('done');
    await node.end(third);
    expect(await typesOf(third)).toEqual([
      'execution.started',
      'step.requested',
      'step.queued',
      'step.admitted',
      'step.admitted',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
    expect(node.errors).toEqual([]);
  });

  it('are of each node alone, and free when it is gone', async () => {
    const { clock, open, until, fill } = await openNodes();
    const [one, other] = [open(), open()];
    const [first = '', second = '', third = ''] = await fill(one, 3);
    const { facts } = await until((await other.start(SMALL)).id, 'step.admitted');
    expect(facts).toMatchObject({ key: 'n2', count: 1_000 });
    await stop(one, clock);
    const next = open();
    await next.engine.resume(third);
    expect((await until(third, 'step.admitted')).facts).toMatchObject({ key: 'n3', count: 1_000 });
    // What was called when its node went fails as interrupted, and holds nothing of the next one.
    for (const id of [first, second]) await next.engine.resume(id);
    await Promise.all([next.end(first), next.end(second)]);
    const { id } = await next.start(SMALL);
    await until(id, 'step.started');
  });

  it('are free when what has them is cancelled, or waits for them no more', async () => {
    const { open, until, fill } = await openNodes();
    const node = open();
    const [first = '', , third = '', fourth = ''] = await fill(node, 4);
    for (const id of [third, first])
      await node.engine.executions.handle(id, { type: 'cancel', reason: 'enough' });
    await until(fourth, 'step.started');
    expect(node.errors).toEqual([]);
  });

  it('are free when what has them is another node’s', async () => {
    const { open, until, fill } = await openNodes();
    const node = open();
    const [first = '', , third = '', fourth = ''] = await fill(node, 4);
    node.engine.forsake((id) => id === first || id === third);
    await until(fourth, 'step.started');
    expect(node.errors).toEqual([]);
  });

  it('are waited for where no node has as much, until one that has goes on with it', async () => {
    const { clock, open, until, fill, typesOf } = await openNodes();
    const node = open();
    const { id } = await node.start(LARGE);
    expect((await until(id, 'step.queued')).facts).toMatchObject({
      gate: 'memory',
      needs: 4_096,
      capacity: 2_048,
    });
    await fill(node, 2);
    expect(await typesOf(id)).not.toContain('step.started');
    await stop(node, clock);
    await open(8_192).engine.resume(id);
    expect((await until(id, 'step.admitted')).facts).toMatchObject({ needs: 4_096, of: 8_192 });
    await until(id, 'step.started');
  });

  it('are not those of the node where a worker makes the call', async () => {
    const workers = await openWorkers({ capacity: { node: 'n1', cpu: 1_000, memory: 16 } });
    const id = await workers.queued(
      'workflow: scan\nactivities:\n  - name: scan\n    resources: { memory: { request: 1Ti } }\n',
    );
    const [given] = await claimOf(workers.workers);
    expect(given?.executionId).toBe(id);
    expect(await workers.types(id)).not.toContain('step.admitted');
    await workers.workers.complete(given?.token ?? '', null);
    expect((await workers.end(id)).state.status).toBe('completed');
  });
});
