import { describe, expect, test } from 'vitest';
import type { FailAttempt } from '../../../src/domain/execution/commands.ts';
import { attemptInput } from '../../../src/domain/execution/pending.ts';
import {
  completed,
  define,
  failed,
  given,
  lastOf,
  notUndone,
  start,
  type Given,
} from '../../spec/execution.ts';

const RETRY = 'retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }';

const interrupted = (step: string, attempt: number, compensation = false): FailAttempt => ({
  type: 'fail_attempt',
  step,
  attempt,
  compensation,
  error: { type: 'Interrupted', message: 'The server stopped.' },
  retry: 'always',
});

const fire = (before: Given, step: string, dueAt: number): Given =>
  before.after({ type: 'fire_timer', step, dueAt }, { now: dueAt });

describe('an interruption that does no harm', () => {
  const work = define(`workflow: work\nactivities:\n  - name: work\n    ${RETRY}\n`);

  test('is made good at once, and says that it does not count', () => {
    given(work)
      .after(start())
      .when(interrupted('work', 1), { now: 7 })
      .thenEvents({
        type: 'step.retry_scheduled',
        facts: { attempt: 1, delay: 0, dueAt: 7, uncounted: true },
      });
  });

  test('takes nothing from the attempts of the policy', () => {
    const once = fire(given(work).after(start()).after(interrupted('work', 1), { now: 7 }), 'work', 7);
    const again = once.when(failed('work', 2), { now: 8 });
    again.thenEvents({ type: 'step.retry_scheduled', facts: { attempt: 2, delay: 1_000 } });
    expect(again.events[0]?.facts).not.toHaveProperty('uncounted');
    const last = fire(once.after(failed('work', 2), { now: 8 }), 'work', 1_008);
    last.when(failed('work', 3)).thenTypes('step.failed', 'execution.failed');
  });

  test('takes nothing from the attempts of what undoes a step', () => {
    const saga = define(`
workflow: saga
activities: [{ name: book }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling:
  activity_error: { ${RETRY} }
  workflow_error: { strategy: compensate }
`);
    const failing = given(saga).after(start()).after(completed('book')).after(failed('pay', 1));
    const undoing = fire(failing, 'pay', 1_000).after(failed('pay', 2), { now: 1_000 });
    const once = fire(undoing.after(interrupted('book', 1, true), { now: 2_000 }), 'book', 2_000);
    once
      .when(notUndone('book', 2), { now: 3_000 })
      .thenEvents({ type: 'step.retry_scheduled', facts: { step: 'book', attempt: 2, delay: 1_000 } });
    const last = fire(once.after(notUndone('book', 2), { now: 3_000 }), 'book', 4_000);
    last.when(notUndone('book', 3)).thenTypes('step.compensation_failed', 'execution.failed');
  });
});

test('an input that is null is handed over as null', () => {
  const definition = define(
    'workflow: nothing\nvariables: { a: 1 }\nactivities:\n  - name: work\n    input: ${input}\n',
  );
  const { state, events } = given(definition).when(start());
  expect(attemptInput(state, lastOf(events))).toBeNull();
});
