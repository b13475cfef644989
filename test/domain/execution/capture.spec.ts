import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const TRIP = `
workflow: trip
variables: { trip: T-1 }
activities:
  - name: flight
    input: { seat: 12A }
  - name: rest
    wait: { signal: go }
  - name: hotel
compensation_activities:
  flight: { activity: cancel_flight, params: { seat: 12A } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const begin = { ...start(), trace: true };
const captures = (events: readonly ExecutionEvent[]) =>
  events.filter(({ type }) => type === 'step.input_recorded' || type === 'step.output_recorded');

describe('a run that is captured', () => {
  it('has what each attempt is given behind its beginning', () => {
    const begun = given(define(TRIP)).when(begin);
    begun.thenTypes('execution.started', 'step.started', 'step.input_recorded');
    expect(begun.events[0]?.facts).toMatchObject({ tracing: 'explicit' });
    expect(begun.events[2]).toEqual({
      type: 'step.input_recorded',
      facts: { workflow: 'trip', step: 'flight', attempt: 1, bytes: 14 },
      payload: { input: { seat: '12A' } },
    });
  });

  it('and what it came to before its end', () => {
    given(define(TRIP))
      .after(begin)
      .when(completed('flight', 1, { id: 7 }))
      .thenEvents(
        { type: 'step.output_recorded', facts: { step: 'flight', bytes: 8 }, payload: { output: { id: 7 } } },
        { type: 'step.completed' },
        { type: 'step.started' },
        { type: 'step.input_recorded', facts: { step: 'rest' }, payload: { input: null } },
        { type: 'signal.awaited' },
      );
  });

  it('also of a call that is given all variables, and of what undoes a step', () => {
    const waiting = given(define(TRIP))
      .after(begin)
      .after(completed('flight', 1, { id: 7 }));
    const called = waiting.when({ type: 'signal', signal: 'go', payload: null });
    expect(captures(called.events)).toMatchObject([
      { type: 'step.output_recorded', facts: { step: 'rest' } },
      { type: 'step.input_recorded', facts: { step: 'hotel' }, payload: { input: { trip: 'T-1' } } },
    ]);
    const undoing = waiting.after({ type: 'signal', signal: 'go', payload: null }).when(failed('hotel'));
    expect(captures(undoing.events)).toMatchObject([
      { facts: { step: 'flight', compensation: true }, payload: { input: { seat: '12A' } } },
    ]);
    waiting
      .after({ type: 'signal', signal: 'go', payload: null })
      .after(failed('hotel'))
      .when({ ...completed('flight', 1, 'cancelled'), compensation: true } as ReturnType<typeof completed>)
      .thenTypes('step.output_recorded', 'step.compensated', 'saga.compensated');
  });

  it('keeps 10,240 bytes of a value, and says so', () => {
    const { events } = given(define(TRIP))
      .after(begin)
      .when(completed('flight', 1, 'x'.repeat(20_000)));
    expect(events[0]).toMatchObject({
      facts: { bytes: 20_002, cut: true },
      payload: { output: { truncated: true, bytes: 20_002 } },
    });
    expect(Buffer.byteLength(JSON.stringify(events[0]?.payload))).toBeLessThanOrEqual(10_240 + 11);
  });

  it('keeps less where a payload may only have less', () => {
    const { events } = given(define(TRIP.replace('T-1', 'x'.repeat(390))))
      .after(begin)
      .after(completed('flight'))
      .when({ type: 'signal', signal: 'go', payload: null }, { maxPayload: 400 });
    const hotel = captures(events).find(({ facts }) => 'step' in facts && facts.step === 'hotel');
    expect(hotel?.facts).toMatchObject({ cut: true });
    expect(Buffer.byteLength(JSON.stringify(hotel?.payload))).toBeLessThanOrEqual(400);
  });
});

describe('any other run', () => {
  it('has nothing of it, and its first event says nothing', () => {
    const { events } = given(define(TRIP)).when(start());
    expect(events[0]?.facts).toEqual({
      workflow: 'trip',
      definition: expect.any(String) as string,
      trigger: 'manual',
    });
    expect(captures(events)).toEqual([]);
  });

  it.each([
    ['{ capture: true }', 'captured', true],
    ['{ sampling_rate: 1 }', 'sampled', false],
    ['{ sampling_rate: 0, capture: true }', 'unsampled', false],
    ['{ enabled: false, capture: true }', 'off', false],
  ])('is kept as its definition says: %s', (tracing, decision, isCaptured) => {
    const { events } = given(define(`${TRIP}tracing: ${tracing}\n`)).when(start());
    expect(events[0]?.facts).toMatchObject({ tracing: decision });
    expect(captures(events).length > 0).toBe(isCaptured);
  });

  it('is captured when whoever starts it asks for that, whatever the sampling', () => {
    const { events } = given(define(`${TRIP}tracing: { sampling_rate: 0 }\n`)).when(begin);
    expect(events[0]?.facts).toMatchObject({ tracing: 'explicit' });
    expect(captures(events)).toHaveLength(1);
  });

  it('names the parts that its definition names', () => {
    const { events } = given(
      define(`${TRIP}tracing: { components: [state_manager, workflow_engine] }\n`),
    ).when(start());
    expect(events[0]?.facts).toMatchObject({ traced: ['workflow_engine', 'state_manager'] });
  });

  it('says who started it in its payload, never in its facts', () => {
    const { events } = given(define(TRIP)).when({
      ...start(),
      triggeredBy: 'ann@example.org',
    } as typeof begin);
    expect(events[0]?.payload).toMatchObject({ triggeredBy: 'ann@example.org' });
    expect(JSON.stringify(events[0]?.facts)).not.toContain('ann');
  });
});
