import { describe, expect, test } from 'vitest';
import type { FailAttempt } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const retried = define(`
workflow: retried
activities:
  - name: charge
    input: { amount: 5 }
    retry:
      max_attempts: 3
      backoff: { initial: 1s, multiplier: 2, max: 30s, jitter: 0.1 }
      non_retryable: [CardStolen]
  - name: ship
`);

describe('retry', () => {
  test('schedules the next attempt, its jitter drawn and recorded', () => {
    given(retried)
      .after(start())
      .when(failed('charge', 1, 'Declined'), { now: 50, random: 1 })
      .thenEvents({
        type: 'step.retry_scheduled',
        facts: {
          step: 'charge',
          attempt: 1,
          errorType: 'Declined',
          delay: 1_100,
          dueAt: 1_150,
          duration: 50,
          compensation: false,
        },
        payload: { error: { type: 'Declined', message: 'no' } },
      });
  });

  test('the delay grows by the multiplier', () => {
    given(retried)
      .after(start())
      .after(failed('charge', 1))
      .after({ type: 'fire_timer', step: 'charge', dueAt: 1_000 }, { now: 1_000 })
      .when(failed('charge', 2), { now: 1_000 })
      .thenEvents({ facts: { attempt: 2, delay: 2_000, dueAt: 3_000 } });
  });

  test('its timer starts the next attempt with the same input', () => {
    given(retried)
      .after(start())
      .after(failed('charge', 1))
      .when({ type: 'fire_timer', step: 'charge', dueAt: 1_000 }, { now: 1_000 })
      .thenEvents({
        type: 'step.started',
        facts: { step: 'charge', attempt: 2 },
        payload: { input: { amount: 5 } },
      });
  });

  test('a timer fires once, and only at its own time', () => {
    const scheduled = given(retried).after(start()).after(failed('charge', 1));
    scheduled.when({ type: 'fire_timer', step: 'charge', dueAt: 999 }).thenNothing();
    const again = scheduled.after({ type: 'fire_timer', step: 'charge', dueAt: 1_000 });
    again.when({ type: 'fire_timer', step: 'charge', dueAt: 1_000 }).thenNothing();
  });

  test('ends after the attempts that the policy counts, the first included', () => {
    given(retried)
      .after(start())
      .after(failed('charge', 1))
      .after({ type: 'fire_timer', step: 'charge', dueAt: 1_000 })
      .after(failed('charge', 2))
      .after({ type: 'fire_timer', step: 'charge', dueAt: 2_000 })
      .when(failed('charge', 3, 'Declined'))
      .thenEvents(
        { type: 'step.failed', facts: { attempt: 3, errorType: 'Declined', handled: 'stop' } },
        { type: 'execution.failed', facts: { step: 'charge', errorType: 'Declined', uncompensated: [] } },
      );
  });

  test('an error that is not retryable ends it at once', () => {
    given(retried)
      .after(start())
      .when(failed('charge', 1, 'CardStolen'))
      .thenTypes('step.failed', 'execution.failed');
  });

  test('an error that says so itself ends it at once', () => {
    const command: FailAttempt = { ...(failed('charge') as FailAttempt), retry: 'never' };
    given(retried).after(start()).when(command).thenTypes('step.failed', 'execution.failed');
  });

  test('a step without a policy has one attempt', () => {
    given(retried)
      .after(start())
      .after(completed('charge'))
      .when(failed('ship'))
      .thenTypes('step.failed', 'execution.failed');
  });

  test('an interrupted attempt that is harmless to repeat is repeated beyond the policy', () => {
    const interrupted: FailAttempt = {
      ...(failed('ship', 1, 'Interrupted') as FailAttempt),
      retry: 'always',
    };
    given(retried)
      .after(start())
      .after(completed('charge'))
      .when(interrupted, { now: 7 })
      .thenEvents({ type: 'step.retry_scheduled', facts: { step: 'ship', delay: 0, dueAt: 7 } });
  });
});

describe('fallback', () => {
  const falling = define(`
workflow: falling
activities:
  - name: enrich
    fallback: { activity: skip }
  - name: score
    input: { id: 7 }
    fallback: { activity: guess_score }
  - name: file
    input: { score: "\${steps.score.output}", enriched: "\${steps.enrich.output}" }
`);

  test('skip: the run goes on with a null output', () => {
    const { state } = given(falling).after(start()).when(failed('enrich'));
    expect(state.steps).toMatchObject({
      enrich: { status: 'skipped', output: null, error: { type: 'Error' } },
    });
    given(falling)
      .after(start())
      .when(failed('enrich'))
      .thenEvents(
        { type: 'step.failed', facts: { handled: 'skip' } },
        { type: 'step.skipped', facts: { reason: 'fallback' } },
        { type: 'step.started', facts: { step: 'score' } },
      );
  });

  test('another activity is called with the input and the error', () => {
    given(falling)
      .after(start())
      .after(failed('enrich'))
      .when(failed('score', 1, 'Busy'))
      .thenEvents(
        { type: 'step.failed', facts: { step: 'score', handled: 'activity' } },
        {
          type: 'step.started',
          facts: { step: 'score', activity: 'guess_score', attempt: 2, fallback: true },
          payload: { input: { input: { id: 7 }, error: { type: 'Busy', message: 'no' } } },
        },
      );
  });

  test('its output is the output of the step', () => {
    given(falling)
      .after(start())
      .after(failed('enrich'))
      .after(failed('score'))
      .when(completed('score', 2, 0.5))
      .thenEvents(
        { type: 'step.completed', facts: { step: 'score', activity: 'guess_score' } },
        { type: 'step.started', payload: { input: { score: 0.5, enriched: null } } },
      );
  });

  test('when it fails too, the step has failed', () => {
    given(falling)
      .after(start())
      .after(failed('enrich'))
      .after(failed('score'))
      .when(failed('score', 2))
      .thenEvents({ type: 'step.failed', facts: { handled: 'stop' } }, { type: 'execution.failed' });
  });

  test('waits for somebody to serve it', () => {
    const unserved = { unserved: ['guess_score'] };
    const queued = given(falling).after(start()).after(failed('enrich')).after(failed('score'), unserved);
    queued
      .when({ type: 'go_on' })
      .thenEvents({ type: 'step.started', facts: { activity: 'guess_score', fallback: true, attempt: 2 } });
  });
});

describe('a workflow that continues on errors', () => {
  const lenient = define(`
workflow: lenient
activities:
  - name: first
  - name: second
error_handling: { workflow_error: { strategy: continue } }
`);

  test('goes on with the next step and completes', () => {
    given(lenient)
      .after(start())
      .when(failed('first'))
      .thenEvents(
        { type: 'step.failed', facts: { handled: 'continue' } },
        { type: 'step.started', facts: { step: 'second' } },
      );
    given(lenient)
      .after(start())
      .after(failed('first'))
      .when(completed('second'))
      .thenTypes('step.completed', 'execution.completed');
  });
});
