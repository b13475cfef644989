import { expect, it } from 'vitest';
import { headAfter, NO_STREAM, seal } from '../../src/domain/chain.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { GetLogDaysHandler } from '../../src/queries/log-days.handler.ts';
import { GetLogDays } from '../../src/queries/log-days.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { handClock } from '../spec/clock.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const DAY = 86_400_000;
const COMMITS = 30;
const EVENTS = 300;

/** A log of more events than are counted in one go, on several days. */
const longLog = async (): Promise<EventLog> => {
  const log = await temporaryLog();
  const envelopes = createEnvelopes('a-node', countingIds(0.5));
  let head = NO_STREAM;
  for (let n = 0; n < COMMITS; n += 1) {
    const events = Array.from({ length: EVENTS }, () => ({
      type: 'variables.set',
      facts: {},
      payload: null,
    }));
    const at = Date.UTC(2026, 0, 31) + Math.floor(n / 10) * DAY;
    const commit = seal('execution-e1', head, events, envelopes.open('e1', undefined, 'default', at));
    await log.append(commit);
    head = headAfter(commit);
  }
  return log;
};

/** The same log, which breaks off once so many batches were given, and counts the events of all of them. */
const breaking = (log: EventLog) => {
  const read = { events: 0, batches: Number.POSITIVE_INFINITY };
  const subscribe: EventLog['subscribe'] = async function* (options) {
    for await (const batch of log.subscribe(options)) {
      if (read.batches === 0) throw new Error('Nobody waits any more.');
      read.batches -= 1;
      read.events += batch.events.length;
      yield batch;
    }
  };
  const broken: EventLog = {
    ...log,
    subscribe,
  };
  return { read, log: broken };
};

const TOTAL = COMMITS * EVENTS;

const opened = async () => {
  const { read, log } = breaking(await longLog());
  const clock = handClock();
  const handler = new GetLogDaysHandler(log, clock);
  const whole = await handler.execute(new GetLogDays(undefined));
  expect(whole.map(({ category, day, events }) => [category, day, events])).toEqual(
    ['2026-01-31', '2026-02-01', '2026-02-02'].map((day) => ['execution', day, TOTAL / 3]),
  );
  const count = (upTo?: bigint) => handler.execute(new GetLogDays(upTo));
  const breakOff = async (batches: number) => {
    read.batches = batches;
    await expect(count()).rejects.toThrow('Nobody waits any more.');
    read.batches = Number.POSITIVE_INFINITY;
    const { events } = read;
    read.events = 0;
    return events;
  };
  read.events = 0;
  return { read, whole, count, breakOff, clock };
};

it('what the log has by day goes on where it was broken off, and comes to the same', async () => {
  const { read, whole, count, breakOff } = await opened();
  const first = await breakOff(1);
  const second = await breakOff(1);
  expect(first).toBeGreaterThan(0);
  expect(await count()).toEqual(whole);
  expect(first + second + read.events).toBe(TOTAL);
  // What came to its end is read anew: it is there to find what has changed.
  read.events = 0;
  expect(await count()).toEqual(whole);
  expect(read.events).toBe(TOTAL);
});

it('what the log has up to a position has nothing of what a longer count had found', async () => {
  const { count, breakOff } = await opened();
  await breakOff(2);
  const some = await count(301n);
  expect(some.map(({ events }) => events)).toEqual([301]);
  const [whole] = [await count()];
  expect(whole.reduce((sum, { events }) => sum + events, 0)).toBe(TOTAL);
});

it('what was broken off is not kept for longer than ten minutes', async () => {
  const { read, whole, count, breakOff, clock } = await opened();
  await breakOff(1);
  clock.advance(600_000);
  expect(await count()).toEqual(whole);
  expect(read.events).toBe(TOTAL);
});
