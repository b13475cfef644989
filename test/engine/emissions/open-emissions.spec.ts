import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { executionIdOf } from '../../../src/domain/uuid.ts';
import { createOpenEmissions } from '../../../src/engine/emissions/open-emissions.ts';

const at = (
  position: bigint,
  type: string,
  stream: string,
  facts: RecordedEvent['facts'],
): RecordedEvent => ({
  position,
  stream,
  revision: 0,
  id: `${position}`,
  type,
  facts,
  payload: undefined,
  commit: {
    metadata: {
      $correlationId: '',
      $causationId: '',
      at: 7,
      actor: { id: 'ann', kind: 'user', via: 'none' },
      tenant: 'default',
      node: 'a',
      schema: 1,
    },
    revision: 0,
    size: 1,
    previous: '',
    hash: '',
  },
});

const emitted = (position: bigint, eventId: string, ...workflows: readonly string[]): RecordedEvent =>
  at(position, 'event.emitted', `event-${eventId}`, {
    event: 'happened',
    starts: workflows.map((workflow) => ({ workflow, definition: `sha256:${workflow}` })),
  });

const started = (position: bigint, workflow: string, eventId: string): RecordedEvent =>
  at(position, 'execution.started', `execution-${executionIdOf(workflow, eventId)}`, { workflow });

const leftOf = (open: ReturnType<typeof createOpenEmissions>) =>
  open.list().map(({ eventId, left }) => [eventId, [...left]]);

describe('accepted events that have not started everything', () => {
  it('are settled up to the oldest of them', () => {
    const open = createOpenEmissions(5n);
    expect(open.settled).toBe(5n);
    open.see(at(6n, 'step.completed', 'execution-x', {}));
    open.see(emitted(8n, 'first', 'one', 'two'));
    open.see(emitted(9n, 'second', 'one'));
    open.see(started(10n, 'one', 'first'));
    open.see(started(11n, 'one', 'second'));
    expect(leftOf(open)).toEqual([['first', [executionIdOf('two', 'first')]]]);
    expect(open.list()[0]).toMatchObject({ position: 8n, after: 6n, at: 7 });
    expect(open.settled).toBe(6n);
    open.see(started(12n, 'two', 'first'));
    expect([open.list(), open.settled]).toEqual([[], 12n]);
    open.reach(20n);
    expect(open.settled).toBe(20n);
  });

  it('are not those that start nothing, or do not say what', () => {
    const open = createOpenEmissions(0n);
    open.see(emitted(1n, 'nothing'));
    open.see(at(2n, 'event.emitted', 'event-old', { event: 'happened' }));
    expect([open.list(), open.settled]).toEqual([[], 2n]);
  });
});

describe('events with the same key', () => {
  const keyed = (position: bigint, eventId: string): RecordedEvent =>
    at(position, 'event.emitted', `event-${eventId}`, {
      event: 'happened',
      starts: [{ workflow: 'one', definition: 'sha256:one', execution: 'shared' }],
    });

  it('have all started it when one has', () => {
    const open = createOpenEmissions(0n);
    open.see(keyed(1n, 'first'));
    open.see(keyed(2n, 'second'));
    expect(open.list().map(({ left, shared }) => [[...left], [...shared]])).toEqual([
      [['shared'], ['shared']],
      [['shared'], ['shared']],
    ]);
    open.see(at(3n, 'execution.started', 'execution-shared', { workflow: 'one' }));
    expect([open.list(), open.settled]).toEqual([[], 3n]);
  });

  it.each([true, false])(
    'are each left until it is decided what they start, joined to others: %s',
    (joined) => {
      const before = createOpenEmissions(0n);
      before.see(keyed(1n, 'first'));
      before.see(keyed(2n, 'second'));
      const open = joined ? createOpenEmissions(2n, true) : before;
      const skipped = { workflow: 'one', event: 'first', execution: 'shared', running: 'other' };
      open.see(at(3n, 'trigger.skipped', 'trigger-one', skipped));
      if (joined) open.adopt(before);
      expect(leftOf(open)).toEqual([['second', ['shared']]]);
      open.see(at(4n, 'execution.started', 'execution-shared', { workflow: 'one' }));
      expect([open.list(), open.settled]).toEqual([[], 4n]);
    },
  );

  it('are let go of by whoever finds that it was started before', () => {
    const open = createOpenEmissions(0n);
    open.see(keyed(4n, 'late'));
    expect(open.settled).toBe(0n);
    open.started('shared');
    expect([open.list(), open.settled]).toEqual([[], 4n]);
  });

  it('of a part that is read later are open no longer than those of the other', () => {
    const live = createOpenEmissions(10n, true);
    const before = createOpenEmissions(0n);
    before.see(keyed(1n, 'before'));
    live.see(keyed(11n, 'behind'));
    live.adopt(before);
    live.see(at(12n, 'execution.started', 'execution-shared', { workflow: 'one' }));
    expect([live.list(), live.settled]).toEqual([[], 12n]);
  });
});

describe('a part of the log that is read while the part behind it is followed', () => {
  it('is joined to it: what was started meanwhile is not open, what both have seen is there once', () => {
    const live = createOpenEmissions(10n, true);
    const before = createOpenEmissions(0n);
    for (const event of [
      emitted(1n, 'left', 'one'),
      emitted(2n, 'early', 'one'),
      emitted(11n, 'both', 'one'),
    ])
      before.see(event);
    before.see(emitted(12n, 'done', 'one'));
    live.see(emitted(11n, 'both', 'one'));
    live.see(emitted(12n, 'done', 'one'));
    live.see(started(13n, 'one', 'early'));
    live.see(started(14n, 'one', 'done'));
    live.see(emitted(15n, 'new', 'one'));
    live.adopt(before);
    expect(live.list().map(({ eventId }) => eventId)).toEqual(['left', 'both', 'new']);
    expect(live.settled).toBe(0n);
    live.see(started(16n, 'one', 'left'));
    expect(live.settled).toBe(2n);
    live.see(started(17n, 'one', 'both'));
    live.see(started(18n, 'one', 'new'));
    expect([live.list(), live.settled]).toEqual([[], 18n]);
  });
});

describe('events that wait to start an execution together', () => {
  const gathered = (position: bigint, event: string): RecordedEvent =>
    at(position, 'trigger.gathered', 'gathering-one', { workflow: 'one', event });
  const released = (position: bigint): RecordedEvent => ({
    ...at(position, 'trigger.released', 'gathering-one', { workflow: 'one', execution: 'run' }),
    revision: 2,
  });

  it('have come to what they come to, and what they start is open from its release on', () => {
    const open = createOpenEmissions(0n);
    open.see(emitted(1n, 'first', 'one'));
    open.see(emitted(2n, 'second', 'one'));
    open.see(gathered(3n, 'first'));
    expect(leftOf(open)).toEqual([['second', [executionIdOf('one', 'second')]]]);
    open.see(gathered(4n, 'second'));
    expect([open.list(), open.settled]).toEqual([[], 4n]);
    open.see(released(5n));
    expect(open.list()).toMatchObject([{ stream: 'gathering-one', revision: 2, position: 5n, after: 4n }]);
    expect(open.settled).toBe(4n);
    open.see(at(6n, 'execution.started', 'execution-run', { workflow: 'one' }));
    expect([open.list(), open.settled]).toEqual([[], 6n]);
  });

  it('are not open where they were gathered after they were looked for', () => {
    const before = createOpenEmissions(0n);
    before.see(emitted(1n, 'first', 'one'));
    const since = createOpenEmissions(1n, true);
    since.see(gathered(2n, 'first'));
    since.adopt(before);
    expect(since.list()).toEqual([]);
  });
});
