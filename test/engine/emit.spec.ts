import { describe, expect, test } from 'vitest';
import { executionIdOf, stepEventIdOf } from '../../src/domain/uuid.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { CALLER, historyOf, openEngine, seen, sourceOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const CLOSING = `
workflow: closing
activities:
  - name: tell
    emit: { event: "ticket:closed", payload: { id: "\${input}" } }
  - name: note
    set: { variables: { event: "\${steps.tell.output.eventId}" } }
`;

const THANKS = `
workflow: thanks
trigger: { event: "ticket:closed", conditions: { id: T-1 } }
activities:
  - name: thank
    input: { ticket: "\${event.id}" }
`;

const open = async (log: EventLog, maxPayload = 524_288) => {
  const under = openEngine({ log, maxPayload, ids: countingIds(), activities: { thank: () => 'sent' } });
  await under.definitions.register(sourceOf(THANKS), CALLER);
  under.definitions.complete();
  return under;
};

describe('an emit step', () => {
  test('records an event of its own and starts what that triggers, as an event from outside does', async () => {
    const log = await temporaryLog();
    const { run, end, definitions } = await open(log);
    const { id, state } = await run(CLOSING, 'T-1');
    const eventId = stepEventIdOf(id, 'tell', 1);
    const started = executionIdOf('thanks', eventId);
    expect(state.steps['tell']?.output).toEqual({ eventId, executions: [started] });
    expect(state.variables['event']).toBe(eventId);
    const { hash: definition } = await definitions.startable('thanks');
    const [event] = await log.read(`event-${eventId}`);
    expect(event).toMatchObject({
      type: 'event.emitted',
      facts: {
        event: 'ticket:closed',
        starts: [{ workflow: 'thanks', definition }],
        execution: id,
        step: 'tell',
      },
      payload: JSON.stringify({ payload: { id: 'T-1' } }),
      commit: { metadata: { $correlationId: id, actor: { kind: 'engine' }, tenant: CALLER.tenant } },
    });
    const [first] = (await end(started)).events;
    expect(first).toMatchObject({ facts: { trigger: 'ticket:closed' }, payload: { event: { id: 'T-1' } } });
  });

  test('starts nothing where nothing listens', async () => {
    const { run } = await open(await temporaryLog());
    const { state } = await run(CLOSING, 'T-2');
    expect(state.steps['tell']?.output).toMatchObject({ executions: [] });
  });

  test('is one event however often its call is made', async () => {
    const log = await temporaryLog();
    const { definitions, start, engine } = await open(log);
    // Of a server that was lost when the event was durable and nobody had heard of it.
    const id = '00000000-0000-7000-8000-00000000abcd';
    const { hash: definition } = await definitions.startable('thanks');
    const by = { execution: id, step: 'tell', visit: 1 };
    const payload = { id: 'as it was' };
    const first = openEngine({ log, ids: countingIds(0.3), activities: {} });
    await first.emissions.record(
      { type: 'ticket:closed', payload, idempotencyKey: undefined, caller: CALLER, by },
      [{ workflow: 'thanks', definition }],
    );
    await start(CLOSING, 'T-1', id);
    await engine.ended(id);
    const eventId = stepEventIdOf(id, 'tell', 1);
    expect(await log.read(`event-${eventId}`)).toHaveLength(1);
    const [started] = await historyOf(log, executionIdOf('thanks', eventId));
    expect(started).toMatchObject({ payload: { event: { id: 'as it was' } } });
  });

  test('tells its visits and its turns apart', async () => {
    const log = await temporaryLog();
    const { run } = await open(log);
    const { id, state } = await run(`
workflow: looping
activities:
  - name: each
    foreach: { items: [1, 2], steps: [{ name: tell, emit: { event: told } }], collect: "\${steps.tell.output.eventId}" }
  - name: again
    emit: { event: told }
    next: again
    max_visits: 2
    fallback: { activity: skip }
`);
    expect(state.steps['each']?.output).toEqual([
      stepEventIdOf(id, 'each[0].tell', 1),
      stepEventIdOf(id, 'each[1].tell', 1),
    ]);
    expect((await log.read(`event-${stepEventIdOf(id, 'again', 1)}`)).length).toBe(1);
    expect((await log.read(`event-${stepEventIdOf(id, 'again', 2)}`)).length).toBe(1);
  });

  test('fails when the event is too large to be kept', async () => {
    const { run } = await open(await temporaryLog(), 4_000);
    const { state } = await run(CLOSING, 'x'.repeat(3_957));
    expect(state).toMatchObject({
      status: 'failed',
      steps: { tell: { error: { type: 'PayloadTooLarge' } } },
    });
  });

  test('that a server was stopped in is made by the next one', async () => {
    const log = await temporaryLog();
    const before = openEngine({ log, ids: countingIds(), activities: {} });
    // It never learns of all workflows, so its events wait.
    const { id } = await before.start(CLOSING, 'T-1');
    const drained = before.engine.drain(1_000, before.emissions.close());
    before.clock.advance(0);
    await drained;
    expect((await historyOf(log, id)).map(({ type }) => type)).toEqual(['execution.started', 'step.started']);

    const next = await open(log);
    await next.engine.resume(id);
    await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
    next.clock.advance(0);
    const { types } = await next.end(id);
    expect(types.slice(2)).toEqual([
      'step.retry_scheduled',
      'step.started',
      'step.completed',
      'variables.set',
      'execution.completed',
    ]);
    expect(before.errors).toEqual([]);
  });
});
