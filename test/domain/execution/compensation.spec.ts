import { describe, expect, test } from 'vitest';
import type { FailAttempt } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const booking = (strategy: string, more = '') =>
  define(`
workflow: booking
variables: { trip: T-1 }
activities:
  - name: flight
  - name: mail
  - name: hotel
  - name: pay
compensation: { strategy: ${strategy}${more} }
compensation_activities:
  flight: { activity: cancel_flight, params: { trip: "\${workflow.trip}", seat: "\${output.seat}" } }
  hotel: { activity: cancel_hotel }
  pay: { activity: refund }
error_handling:
  workflow_error: { strategy: compensate }
`);

const toPay = (definition: ReturnType<typeof booking>) =>
  given(definition)
    .after(start())
    .after(completed('flight', 1, { seat: '12A' }))
    .after(completed('mail'))
    .after(completed('hotel'));

describe('compensation', () => {
  test('undoes only what completed, in reverse, with the original output', () => {
    const definition = booking('reverse');
    toPay(definition)
      .when(failed('pay', 1, 'Declined'))
      .thenEvents(
        { type: 'step.failed', facts: { step: 'pay', handled: 'compensate' } },
        {
          type: 'saga.compensating',
          facts: { step: 'pay', errorType: 'Declined', steps: ['hotel', 'flight'] },
        },
        { type: 'step.compensating', facts: { step: 'hotel', activity: 'cancel_hotel', attempt: 1 } },
      );
    toPay(definition)
      .after(failed('pay', 1, 'Declined'), { now: 10 })
      .when(undone('hotel'), { now: 25 })
      .thenEvents(
        { type: 'step.compensated', facts: { step: 'hotel', duration: 15 } },
        {
          type: 'step.compensating',
          facts: { step: 'flight', activity: 'cancel_flight' },
          payload: { input: { trip: 'T-1', seat: '12A' } },
        },
      );
  });

  test('ends the run as compensated when all of it is undone', () => {
    const { state } = toPay(booking('reverse'))
      .after(failed('pay', 1, 'Declined'))
      .after(undone('hotel'))
      .when(undone('flight'), { now: 9 });
    expect(state.status).toBe('compensated');
    toPay(booking('reverse'))
      .after(failed('pay', 1, 'Declined'))
      .after(undone('hotel'))
      .when(undone('flight'), { now: 9 })
      .thenEvents(
        { type: 'step.compensated' },
        {
          type: 'saga.compensated',
          facts: { step: 'pay', errorType: 'Declined', from: 'compensating', duration: 9 },
        },
      );
  });

  test('forward undoes in the order of completion', () => {
    toPay(booking('forward'))
      .when(failed('pay'))
      .thenEvents({}, { type: 'saga.compensating', facts: { steps: ['flight', 'hotel'] } }, {});
  });

  test('what cannot be undone is listed; the rest is undone all the same', () => {
    const definition = booking('reverse');
    toPay(definition)
      .after(failed('pay', 1, 'Declined'))
      .when(notUndone('hotel'))
      .thenTypes('step.compensation_failed', 'step.compensating');
    toPay(definition)
      .after(failed('pay', 1, 'Declined'))
      .after(notUndone('hotel'))
      .when(undone('flight'))
      .thenEvents(
        {},
        { type: 'execution.failed', facts: { step: 'pay', errorType: 'Declined', uncompensated: ['hotel'] } },
      );
  });

  test('with nothing completed the run is compensated at once', () => {
    given(booking('reverse'))
      .after(start())
      .when(failed('flight'))
      .thenTypes('step.failed', 'saga.compensating', 'saga.compensated');
  });

  test('activities of the plan are called after those of the steps', () => {
    toPay(booking('reverse', ', activities: [{ name: clear_trip }]'))
      .when(failed('pay'))
      .thenEvents({}, { facts: { steps: ['hotel', 'flight', 'clear_trip'] } }, {});
  });

  test('a params expression that fails counts as not undone', () => {
    given(booking('forward'))
      .after(start())
      .after(completed('flight', 1, null))
      .when(failed('mail'))
      .thenTypes('step.failed', 'saga.compensating', 'step.compensation_failed', 'execution.failed');
  });

  test('an interrupted undoing is made again', () => {
    const interrupted: FailAttempt = { ...(notUndone('hotel') as FailAttempt), retry: 'always' };
    const retrying = toPay(booking('reverse')).after(failed('pay')).after(interrupted, { now: 4 });
    retrying
      .when({ type: 'fire_timer', step: 'hotel', dueAt: 4 }, { now: 4 })
      .thenEvents({ type: 'step.compensating', facts: { step: 'hotel', attempt: 2 } });
  });

  test('that nobody served is resumed once, however often that is asked for', () => {
    const queued = toPay(booking('reverse')).after(failed('pay'), { unserved: ['cancel_hotel'] });
    queued
      .when({ type: 'go_on' })
      .thenEvents({ type: 'step.compensating', facts: { step: 'hotel', attempt: 1 } });
    const undoing = queued.after({ type: 'go_on' });
    undoing.when({ type: 'go_on' }).thenNothing();
    const interrupted: FailAttempt = { ...(notUndone('hotel') as FailAttempt), retry: 'always' };
    undoing.after(interrupted).when({ type: 'go_on' }).thenNothing();
  });

  test('results of attempts that are not under way change nothing', () => {
    const undoing = toPay(booking('reverse')).after(failed('pay'));
    undoing.when(undone('flight')).thenNothing();
    undoing.when(undone('hotel', 2)).thenNothing();
    undoing.when(completed('hotel')).thenNothing();
  });
});
