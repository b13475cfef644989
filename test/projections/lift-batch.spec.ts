import { describe, expect, it } from 'vitest';
import { liftBatch } from '../../src/projections/lift-batch.ts';
import { record } from '../spec/given.ts';
import { runs } from './tally.ts';

const events = record(runs(2));

describe('lifting a batch', () => {
  it('keeps the events, how far it goes, and when the last was decided', () => {
    expect(liftBatch({ events, position: 9n, caughtUp: true })).toEqual({
      events,
      types: new Set(['execution.started', 'execution.completed']),
      position: 9n,
      caughtUp: true,
      unreadable: [],
      inBrief: false,
      at: 6,
    });
  });

  it('says no time for a batch without events', () => {
    expect(liftBatch({ events: [], position: 9n, caughtUp: false })).toEqual({
      events: [],
      types: new Set(),
      position: 9n,
      caughtUp: false,
      unreadable: [],
      inBrief: false,
      at: undefined,
    });
  });

  it('sets aside what this version cannot read, with the cause, and keeps the rest in order', () => {
    const [first, second, third, fourth] = events;
    const [one, two] = [second!, third!].map((event) => ({ ...event, type: 'step.unheard_of' }));
    const lifted = liftBatch({ events: [first!, one!, two!, fourth!], position: 4n, caughtUp: true });
    expect(lifted.events).toEqual([first, fourth]);
    expect(lifted.unreadable.map(({ event }) => event)).toEqual([one, two]);
    for (const { cause } of lifted.unreadable) expect(cause).toBeInstanceOf(RangeError);
  });
});
