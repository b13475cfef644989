import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const RETRY = 'retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }';

const work = define(`
workflow: work
activities:
  - name: work
    when: "\${input}"
    ${RETRY}
  - name: more
`);

const unserved = { unserved: ['work'] };
const resume = { type: 'go_on' } as const;
const fire = { type: 'fire_timer', step: 'work', dueAt: 1_000 } as const;

describe('a step whose activity nobody serves', () => {
  test('is queued with the attempt that it would be, and why', () => {
    given(work)
      .when(start({ input: true }), unserved)
      .thenEvents(
        { type: 'execution.started' },
        {
          type: 'step.queued',
          facts: { workflow: 'work', step: 'work', activity: 'work', attempt: 1, reason: 'no_activity' },
        },
      );
  });

  test('is queued for its next attempt too, which counts on', () => {
    const waiting = given(work)
      .after(start({ input: true }))
      .after(failed('work'));
    waiting
      .when(fire, { now: 1_000, ...unserved })
      .thenEvents({ type: 'step.queued', facts: { step: 'work', attempt: 2 } });
    const queued = waiting.after(fire, { now: 1_000, ...unserved });
    queued.when(fire, { now: 1_000, ...unserved }).thenNothing();
    queued
      .when(resume, { now: 5_000 })
      .thenEvents({ type: 'step.started', facts: { step: 'work', attempt: 2 } });
    queued
      .after(resume, { now: 5_000 })
      .when(failed('work', 2), { now: 5_010 })
      .thenEvents({ type: 'step.failed', facts: { attempt: 2, duration: 10 } }, { type: 'execution.failed' });
  });

  test('behind a guard is started when it is served', () => {
    const queued = given(work).after(start({ input: true }), unserved);
    queued.when(resume).thenTypes('step.started');
  });

  test('can be cancelled, and is then not started', () => {
    const cancelled = given(work)
      .after(start({ input: true }), unserved)
      .after({ type: 'cancel', reason: 'enough' });
    expect(cancelled.state.status).toBe('cancelled');
    cancelled.when(resume).thenNothing();
  });

  test('keeps signals that come meanwhile', () => {
    const queued = given(work).after(start({ input: true }), unserved);
    queued
      .when({ type: 'signal', signal: 'go', payload: 1 })
      .thenEvents({ type: 'signal.received', facts: { step: '' } });
  });

  test('takes no result, since nothing was called', () => {
    const queued = given(work).after(start({ input: true }), unserved);
    queued.when(completed('work')).thenNothing();
    queued.when(failed('work')).thenNothing();
  });
});

describe('to be told that an activity is served', () => {
  test.for<readonly [string, () => ReturnType<typeof given>]>([
    ['is not started', () => given(work)],
    ['calls another', () => given(work).after(start({ input: true }))],
    [
      'waits to try again',
      () =>
        given(work)
          .after(start({ input: true }))
          .after(failed('work')),
    ],
    [
      'has ended',
      () =>
        given(work)
          .after(start({ input: false }))
          .after(completed('more')),
    ],
  ])('changes nothing of an execution that %s', ([, before]) => {
    before().when(resume).thenNothing();
  });
});

describe('an undoing that nobody serves', () => {
  const saga = define(`
workflow: saga
activities: [{ name: book }, { name: pay }]
compensation: { activities: [{ name: tidy }] }
compensation_activities: { book: { activity: cancel, params: { seat: "\${output.seat}" } } }
error_handling:
  activity_error: { ${RETRY} }
  workflow_error: { strategy: compensate }
`);
  const without = { unserved: ['cancel'] };
  const failing = () =>
    given(saga)
      .after(start())
      .after(completed('book', 1, { seat: '12A' }))
      .after(failed('pay'))
      .after({ ...fire, step: 'pay' }, { now: 1_000 });

  test('is queued, says so once, and is made when it is served', () => {
    failing()
      .when(failed('pay', 2), without)
      .thenEvents(
        { type: 'step.failed' },
        { type: 'saga.compensating', facts: { steps: ['book', 'tidy'] } },
        {
          type: 'step.queued',
          facts: { workflow: 'saga', step: 'book', activity: 'cancel', attempt: 1, reason: 'no_activity' },
        },
      );
    const queued = failing().after(failed('pay', 2), without);
    queued.when(resume, without).thenNothing();
    queued.when(resume).thenEvents({
      type: 'step.compensating',
      facts: { step: 'book', activity: 'cancel', attempt: 1 },
      payload: { input: { seat: '12A' } },
    });
  });

  test('is queued for its next attempt too', () => {
    const retrying = failing().after(failed('pay', 2)).after(notUndone('book'), { now: 2_000 });
    const due = { type: 'fire_timer', step: 'book', dueAt: 3_000 } as const;
    const queued = retrying.after(due, { now: 3_000, ...without });
    expect(queued.state.compensation).toMatchObject({ status: 'queued', attempts: { book: 1 } });
    queued.when(due, { now: 3_000 }).thenNothing();
    queued.when(resume).thenEvents({ type: 'step.compensating', facts: { attempt: 2 } });
  });

  test('does not keep what was undone before it', () => {
    const undoing = failing()
      .after(failed('pay', 2))
      .after(undone('book'), { unserved: ['tidy'] });
    expect(undoing.state.compensation).toMatchObject({ status: 'queued', activity: 'tidy', settled: 1 });
    undoing.when(resume).thenEvents({ type: 'step.compensating', facts: { step: 'tidy', activity: 'tidy' } });
    undoing.after(resume).when(undone('tidy')).thenTypes('step.compensated', 'saga.compensated');
  });
});
