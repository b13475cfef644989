import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock } from '../../spec/clock.ts';
import { openEngine, recordedOf, seen, type EngineParts, type Run } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = `
workflow: paid
activities:
  - name: pay
    circuit_breaker: { threshold: 2, timeout: 5s, reset: 10s }
`;

const busy: Run = () => {
  throw Object.assign(new Error('no'), { type: 'Busy' });
};

/** A call that ends when it is told to. */
const slowCall = () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const run: Run = () => {
    begun.resolve();
    return end.promise;
  };
  return { run, begun: begun.promise, end };
};

const breakerOf = async (log: EventLog): Promise<readonly RecordedEvent[]> => log.read('breaker-pay');
const typesOf = async (log: EventLog) => (await breakerOf(log)).map(({ type }) => type);

/** Engines on one log and one clock, of which each may be the only one that is left. */
const openNodes = async (log?: EventLog) => {
  const shared = log ?? (await temporaryLog());
  const clock = handClock();
  let nodes = 0;
  const open = (pay: Run, more: Partial<EngineParts> = {}) => {
    nodes += 1;
    const ids = countingIds(0.5, nodes);
    return openEngine({ log: shared, clock, ids, activities: { pay, invoice: () => 1 }, ...more });
  };
  return { log: shared, clock, open };
};

/** Opens the breaker by two failures. */
const openBreaker = async (node: ReturnType<typeof openEngine>, log: EventLog): Promise<void> => {
  await node.run(YAML);
  await node.run(YAML);
  await expect.poll(() => typesOf(log)).toEqual(['breaker.failed', 'breaker.opened']);
};

describe('a circuit breaker', () => {
  it('counts the failures of all nodes, and once it is open none of them calls', async () => {
    const { log, open } = await openNodes();
    const calls: string[] = [];
    const failing =
      (name: string): Run =>
      (...given) => {
        calls.push(name);
        return busy(...given);
      };
    const [a, b] = [open(failing('a')), open(failing('b'))];
    await a.run(YAML);
    await expect.poll(() => typesOf(log)).toEqual(['breaker.failed']);
    const second = await b.run(YAML);
    await expect.poll(() => typesOf(log)).toEqual(['breaker.failed', 'breaker.opened']);
    expect((await breakerOf(log)).map(({ facts }) => facts)).toMatchObject([
      { key: 'pay', failures: 1, threshold: 2, errorType: 'Busy' },
      {
        key: 'pay',
        workflow: 'paid',
        executionId: second.id,
        step: 'pay',
        attempt: 1,
        failures: 2,
        threshold: 2,
        errorType: 'Busy',
        until: a.clock.now() + 10_000,
      },
    ]);
    await expect.poll(async () => (await a.run(YAML)).state.failure?.error.type).toBe('CircuitOpen');
    const before = calls.length;
    for (const node of [a, b]) {
      const { types, state } = await node.run(YAML);
      expect(types).toContain('step.rejected');
      expect(types).not.toContain('step.started');
      expect(state.failure?.error).toMatchObject({ type: 'CircuitOpen', details: { failures: 2 } });
    }
    expect(calls.length).toBe(before);
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('costs nothing while calls succeed, and forgets failures with the first that does', async () => {
    const { log, open } = await openNodes();
    let fails = false;
    const node = open((...given) => (fails ? busy(...given) : 1));
    await node.run(YAML);
    const { types } = await node.run(YAML);
    expect(types).toEqual(['execution.started', 'step.started', 'step.completed', 'execution.completed']);
    expect(await typesOf(log)).toEqual([]);
    fails = true;
    await node.run(YAML);
    await expect.poll(() => typesOf(log)).toEqual(['breaker.failed']);
    fails = false;
    await node.run(YAML);
    await expect.poll(() => typesOf(log)).toEqual(['breaker.failed', 'breaker.succeeded']);
  });

  it('takes a call that took too long for a failure, though its step completes', async () => {
    const { log, clock, open } = await openNodes();
    const node = open(() => clock.advance(5_001));
    const { state } = await node.run(YAML);
    expect(state.status).toBe('completed');
    await expect.poll(() => typesOf(log)).toEqual(['breaker.failed']);
    expect((await breakerOf(log))[0]?.facts).toMatchObject({ errorType: 'SlowCall' });
  });

  it('is as open after a restart, and lets exactly one through when its time is over', async () => {
    const { log, clock, open } = await openNodes();
    const first = open(busy);
    await openBreaker(first, log);
    await first.engine.drain(0);
    const call = slowCall();
    const [a, b] = [open(call.run), open(call.run)];
    expect((await a.run(YAML)).types).toEqual([
      'execution.started',
      'step.requested',
      'step.rejected',
      'step.failed',
      'execution.failed',
    ]);
    clock.advance(10_000);
    const started = await Promise.all(
      [a, b, a, b].map(async (node) => ({ node, ...(await node.start(YAML)) })),
    );
    await call.begun;
    const states = () => Promise.all(started.map(async ({ id }) => (await recordedOf(log, id)).at(-1)?.type));
    await expect
      .poll(async () => Object.groupBy(await states(), (type = '') => type))
      .toMatchObject({ 'execution.failed': { length: 3 }, 'step.started': { length: 1 } });
    call.end.resolve('paid');
    await expect
      .poll(() => typesOf(log))
      .toEqual(['breaker.failed', 'breaker.opened', 'breaker.half_opened', 'breaker.closed']);
    expect((await b.run(YAML)).state.status).toBe('completed');
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('opens for as long again when the one that was let through fails', async () => {
    const { log, clock, open } = await openNodes();
    const node = open(busy);
    await openBreaker(node, log);
    clock.advance(10_000);
    const { types } = await node.run(YAML);
    expect(types).toEqual([
      'execution.started',
      'step.requested',
      'step.admitted',
      'step.started',
      'step.failed',
      'execution.failed',
    ]);
    await expect
      .poll(async () => (await breakerOf(log)).at(-1)?.facts)
      .toMatchObject({
        failures: 3,
        until: clock.now() + 10_000,
      });
  });

  it('lets the next one through when the node of the first is gone, and not while that may go on', async () => {
    const { log, clock, open } = await openNodes();
    const lost = open(slowCall().run);
    const breaking = open(busy);
    await openBreaker(breaking, log);
    clock.advance(10_000);
    const probe = await lost.start(YAML);
    await seen(log, probe.id, ({ type }) => type === 'step.started');
    const gone = lost.engine.drain(0);
    clock.advance(0);
    await gone;
    const next = open(() => 'paid');
    expect((await next.run(YAML)).state.failure?.error.type).toBe('CircuitOpen');
    await next.engine.resume(probe.id);
    await next.end(probe.id);
    await expect
      .poll(async () => (await typesOf(log)).slice(2))
      .toEqual(['breaker.half_opened', 'breaker.opened']);
    expect((await next.run(YAML)).state.status).toBe('completed');
    await expect.poll(async () => (await typesOf(log)).at(-1)).toBe('breaker.closed');
  });

  it('lets the next one through when the first ended and nobody could say so', async () => {
    const { log, clock, open } = await openNodes();
    await openBreaker(open(busy), log);
    clock.advance(10_000);
    // Its process ends between the end of the call and the report of it.
    const deaf: EventLog = {
      ...log,
      append: (commit) =>
        commit.stream.startsWith('breaker-') && commit.events[0]?.type === 'breaker.closed'
          ? new Promise(() => undefined)
          : log.append(commit),
    };
    const lost = open(() => 'paid', { log: deaf });
    await lost.run(YAML);
    expect((await typesOf(log)).at(-1)).toBe('breaker.half_opened');
    const next = open(() => 'paid');
    await next.run(YAML);
    await expect
      .poll(async () => (await typesOf(log)).slice(3))
      .toEqual(['breaker.opened', 'breaker.half_opened', 'breaker.closed']);
  });

  it('lets the next one through when the first is cancelled', async () => {
    const { log, clock, open } = await openNodes();
    await openBreaker(open(busy), log);
    clock.advance(10_000);
    const node = open(slowCall().run);
    const { id } = await node.start(YAML);
    await seen(log, id, ({ type }) => type === 'step.started');
    await node.engine.executions.handle(id, { type: 'cancel', reason: 'enough' });
    await expect
      .poll(async () => (await breakerOf(log)).at(-1)?.facts)
      .toMatchObject({
        errorType: 'Cancelled',
        until: clock.now(),
      });
  });
});
