import { describe, expect, test } from 'vitest';
import { define, failed, given, start, type Then } from '../../spec/execution.ts';

const pay = define(`
workflow: shop
activities:
  - name: pay
    bulkhead: { timeout: 30s }
    retry: { max_attempts: 3, backoff: { initial: 1s, jitter: 0 } }
`);
const plain = define('workflow: shop\nactivities: [{ name: pay }]');
const one = define('workflow: shop\nconcurrency: { max_workflows: 1 }\nactivities: [{ name: pay }]');

const place = { gate: 'bulkhead', key: 'pay', position: 7, of: 9 } as const;
const queue = { type: 'queue', step: 'pay', attempt: 1, ...place } as const;
const admit = { type: 'admit', step: 'pay', attempt: 1, passed: [] } as const;
const again = { type: 'go_on' } as const;
const run = { request: 1, key: 'shop', of: 1 } as const;

const waitedIn = ({ events }: Then): number | undefined => {
  for (const event of events)
    if (event.type === 'step.started' || event.type === 'execution.admitted') return event.facts.waited;
  throw new Error('Expected a start, but there is none.');
};

describe('how long an attempt was queued', () => {
  test('is told when it is made', () => {
    const waiting = given(pay).after(start()).after(queue, { now: 100 });
    expect(waitedIn(waiting.when(admit, { now: 1_350 }))).toBe(1_250);
  });

  test('is not told where it never was', () => {
    expect(waitedIn(given(pay).after(start()).when(admit, { now: 9 }))).toBeUndefined();
    expect(waitedIn(given(plain).when(start()))).toBeUndefined();
  });

  test('counts from the first time that it was told to wait, for somebody to serve it or at any gate', () => {
    const unserved = given(pay).after(start(), { now: 100, unserved: ['pay'] });
    const asking = unserved.after(again, { now: 300 });
    const queued = asking
      .after(queue, { now: 400 })
      .after({ ...queue, gate: 'max_activities' }, { now: 500 });
    expect(waitedIn(queued.when(admit, { now: 1_000 }))).toBe(900);
    expect(waitedIn(asking.when(admit, { now: 1_000 }))).toBe(900);
  });

  test('is none for a clock that was set back', () => {
    const waiting = given(pay).after(start(), { now: 500 }).after(queue, { now: 500 });
    expect(waitedIn(waiting.when(admit, { now: 100 }))).toBe(0);
  });

  test('counts anew for the next attempt', () => {
    const retrying = given(pay)
      .after(start())
      .after(queue, { now: 100 })
      .after(admit, { now: 200 })
      .after(failed('pay'), { now: 300 });
    const retried = retrying.after({ type: 'fire_timer', step: 'pay', dueAt: 1_300 }, { now: 1_300 });
    expect(waitedIn(retried.when({ ...admit, attempt: 2 }, { now: 1_400 }))).toBeUndefined();
    const queued = retried.after({ ...queue, attempt: 2 }, { now: 1_500 });
    expect(waitedIn(queued.when({ ...admit, attempt: 2 }, { now: 1_700 }))).toBe(200);
  });
});

test('how long a run was queued is told when it goes on, and only where it was', () => {
  const asking = given(one).after(start());
  const admitRun = { type: 'admit_run', ...run, count: 1 } as const;
  expect(waitedIn(asking.when(admitRun, { now: 50 }))).toBeUndefined();
  const queued = asking.after({ type: 'queue_run', ...run, position: 1 }, { now: 50 });
  expect(waitedIn(queued.when(admitRun, { now: 80 }))).toBe(30);
});
