import { expect, test } from 'vitest';
import { GetMonitoring } from '../../src/queries/queries.ts';
import { cancelled, compensated, WORKFLOW } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, failedOf, known, openQueries } from './queries.ts';

const HOUR = 3_600_000;

/** One of each end happened at a time. */
const ends = (time: number): readonly Happened[] =>
  [
    completedOf(WORKFLOW, time, 100),
    failedOf(WORKFLOW, time, 100),
    cancelled(time - 100, 100),
    compensated(time - 100, 100),
  ].map((event) => happened(`execution-${event.type.replace('.', '-')}-${time}`, time, event));

test.for([
  ['Europe/Berlin', 'summer time begins', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', 'it ends', '2026-10-24T22:00:00Z', 25],
  ['America/New_York', 'summer time begins', '2026-03-08T05:00:00Z', 23],
  ['America/Havana', 'it ends at midnight, which comes twice', '2026-11-01T04:00:00Z', 25],
  ['Australia/Lord_Howe', 'summer time begins by half an hour', '2026-10-03T13:30:00Z', 23.5],
  ['Australia/Lord_Howe', 'it ends by half an hour', '2026-04-04T13:00:00Z', 24.5],
  ['Asia/Kolkata', 'it is half an hour off', '2026-05-05T18:30:00Z', 24],
  ['Asia/Kathmandu', 'it is a quarter of an hour off', '2026-05-05T18:15:00Z', 24],
  ['Australia/Eucla', 'it is a quarter of an hour off', '2026-05-05T15:15:00Z', 24],
] as const)(
  'every end of a day in %s, when %s, is counted on that day',
  async ([timeZone, , begin, hours]) => {
    const from = at(begin);
    const to = from + hours * HOUR;
    const queries = await openQueries(new Date(from + 11 * HOUR).toISOString());
    await queries.happen(known(), ...[from - 1, from, to - 1, to].flatMap(ends));
    expect(await queries.ask(new GetMonitoring(WORKFLOW, timeZone, undefined))).toMatchObject({
      today: { from, to },
      completedToday: 2,
      failedToday: 2,
      cancelledToday: 2,
      compensatedToday: 2,
      averageDuration: 100,
    });
  },
);
