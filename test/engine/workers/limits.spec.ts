import { describe, expect, it } from 'vitest';
import { historyOf, seen } from '../../spec/engine.ts';
import { claimOf, oneOf, openWorkers } from './opened.ts';

const scan = (more: string): string => `workflow: scan\nactivities:\n  - name: scan\n    ${more}\n`;

describe('what limits an activity that workers serve', () => {
  it('lets only so many of them work at once', async () => {
    const { queued, workers, end } = await openWorkers();
    const bulkhead = scan('bulkhead: { max_concurrent: 1 }');
    const ids = [await queued(bulkhead), await queued(bulkhead)];
    const both = [claimOf(workers), claimOf(workers, { worker: 'w2' })];
    const [first] = await Promise.race(both);
    const other = ids.find((id) => id !== first?.executionId) ?? '';
    await workers.complete(first?.token ?? '', null);
    const given = (await Promise.all(both)).flat();
    expect(given.map(({ executionId }) => executionId).sort()).toEqual(ids.sort());
    const second = given.find(({ executionId }) => executionId === other);
    await workers.complete(second?.token ?? '', null);
    for (const id of ids) expect((await end(id)).types).toContain('step.admitted');
  });

  it('gives its place back when no worker is there any more, and asks anew for the next', async () => {
    const { queued, workers, log, clock, types } = await openWorkers();
    const id = await queued(scan('bulkhead: { max_concurrent: 1 }'));
    const gone = new AbortController();
    const claimed = claimOf(workers, {}, gone.signal);
    // It goes as soon as something is begun for it.
    gone.abort();
    await claimed;
    const given = oneOf(workers, { worker: 'w2' });
    clock.advance(1_000);
    expect((await given).executionId).toBe(id);
    await workers.complete((await given).token, null);
    await seen(log, id, ({ type }) => type === 'execution.completed');
    expect((await types(id)).filter((type) => type === 'step.started')).toHaveLength(1);
  });

  it('opens their breaker when they fail', async () => {
    const { queued, workers, end } = await openWorkers();
    const broken = scan('circuit_breaker: { threshold: 1, reset: 1h }');
    const id = await queued(broken);
    const failure = { type: 'Down', message: 'down', nonRetryable: false };
    await workers.fail((await oneOf(workers)).token, failure);
    await end(id);
    const other = await queued(broken);
    void claimOf(workers);
    expect((await end(other)).state.failure?.error.type).toBe('CircuitOpen');
  });

  it('is asked with a worker that waits, whose attempt says so', async () => {
    const { queued, workers, log } = await openWorkers();
    const id = await queued(scan('rate_limit: { limit: 1, per: 1h }'));
    const { token } = await oneOf(workers);
    const events = await historyOf(log, id);
    expect(events.map(({ type }) => type)).toEqual([
      'execution.started',
      'step.queued',
      'step.requested',
      'step.admitted',
      'step.started',
    ]);
    expect(events.at(-1)?.facts).toMatchObject({ worker: 'w1' });
    expect(await workers.complete(token, null)).toMatchObject({ status: 'completed' });
  });
});
