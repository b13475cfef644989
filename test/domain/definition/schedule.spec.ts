import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../src/domain/definition/schedule.ts';
import type { Json } from '../../../src/domain/json.ts';
import { parsed, problemsOf, refused } from './parsed.ts';

const withSchedule = (schedule: Json, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', trigger: { schedule, ...more }, activities: [{ name: 'b' }] });

const scheduleOf = (cron: string, timeZone = 'UTC'): Schedule => {
  const { schedule } = parsed(withSchedule({ cron, time_zone: timeZone })).definition;
  if (schedule === undefined) throw new Error('Expected a schedule, but there is none.');
  return schedule;
};

/** The next times behind one, in UTC. */
const timesOf = (cron: string, timeZone: string, after: string, many: number): readonly string[] => {
  const { next } = scheduleOf(cron, timeZone);
  const times: string[] = [];
  for (let last = next(Date.parse(after)); last !== undefined && times.length < many; last = next(last))
    times.push(new Date(last).toISOString().replace(':00.000Z', 'Z'));
  return times;
};

describe('a schedule', () => {
  it('is a cron expression in UTC, skips what overlaps and makes up for nothing, unless it says otherwise', () => {
    const { cron, timeZone, overlap, catchUp } = scheduleOf('0 9 * * MON-FRI');
    expect({ cron, timeZone, overlap, catchUp }).toEqual({
      cron: '0 9 * * MON-FRI',
      timeZone: 'UTC',
      overlap: 'skip',
      catchUp: 'none',
    });
  });

  it('says what becomes of overlaps and of what was missed', () => {
    const source = withSchedule({ cron: '@daily', overlap: 'queue', catch_up: 'all' }, { event: 'e' });
    expect(parsed(source).definition).toMatchObject({
      trigger: { event: 'e' },
      schedule: { overlap: 'queue', catchUp: 'all' },
    });
  });

  it.each([
    ['0 9 * * MON-FRI', '2026-01-30T09:00:00Z', ['2026-02-02T09:00Z', '2026-02-03T09:00Z']],
    ['*/15 8-9 1,15 JAN *', '2026-01-15T09:40:00Z', ['2026-01-15T09:45Z', '2027-01-01T08:00Z']],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['0 0 29 2 *', '2096-02-29T00:00:00Z', ['2104-02-29T00:00Z']],
    ['@hourly', '2026-12-31T22:59:59.999Z', ['2026-12-31T23:00Z', '2027-01-01T00:00Z']],
    ['0 0 13 * FRI', '2026-02-01T00:00:00Z', ['2026-02-06T00:00Z', '2026-02-13T00:00Z']],
  ])('has the times of %s', (cron, after, times) => {
    expect(timesOf(cron, 'UTC', after, times.length)).toEqual(times);
  });

  it('has no time twice: the next is behind the one before, to the millisecond', () => {
    const { next } = scheduleOf('* * * * *');
    const minute = Date.parse('2026-01-31T09:00:00Z');
    expect([next(minute - 1), next(minute), next(minute + 1)]).toEqual([
      minute,
      minute + 60_000,
      minute + 60_000,
    ]);
  });
});

describe('when the clocks go forward', () => {
  it.each([
    ['30 2 * * *', ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z']],
    ['0,30 2 * * *', ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:00Z']],
  ])('a time of day that is left out comes right behind the gap, once: %s', (cron, times) => {
    expect(timesOf(cron, 'Europe/Berlin', '2026-03-28T01:00:00Z', 3)).toEqual(times);
  });

  it('what comes so often goes on by elapsed time', () => {
    expect(timesOf('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', 3)).toEqual([
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
    ]);
  });

  it('a gap of half an hour is one too, and midnight may be in it', () => {
    expect(timesOf('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', 2)).toEqual([
      '2026-10-03T15:30Z',
      '2026-10-04T15:15Z',
    ]);
    expect(timesOf('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00:00Z', 2)).toEqual([
      '2018-11-04T03:00Z',
      '2018-11-05T02:00Z',
    ]);
  });
});

describe('when the clocks go back', () => {
  it.each([
    ['30 2 * * *', ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['0,30 2 * * *', ['2026-10-24T00:30Z', '2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-26T01:00Z']],
  ])('a time of day that comes twice counts the first time: %s', (cron, times) => {
    expect(timesOf(cron, 'Europe/Berlin', '2026-10-24T00:00:00Z', times.length)).toEqual(times);
    // Also for whoever looks only between the two.
    expect(timesOf('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:45:00Z', 1)).toEqual(['2026-10-26T01:30Z']);
  });

  it('what comes so often comes in both hours', () => {
    expect(timesOf('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', 4)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
      '2026-10-25T03:00Z',
    ]);
  });
});

describe('a schedule that is refused', () => {
  const problem = (schedule: Json, more?: object): readonly string[] =>
    problemsOf(withSchedule(schedule, more)).map((text) => text.replace(/^\d+:\d+ /, ''));

  it.each<readonly [string, Json, readonly string[]]>([
    ['a text', '0 9 * * *', ['WRONG_TYPE trigger.schedule']],
    ['no cron', { time_zone: 'UTC' }, ['MISSING_FIELD trigger.schedule']],
    ['an empty cron', { cron: '' }, ['WRONG_VALUE trigger.schedule.cron']],
    ['a number', { cron: 5 }, ['WRONG_TYPE trigger.schedule.cron']],
    ['six fields', { cron: '0 0 9 * * *' }, ['BAD_CRON trigger.schedule.cron']],
    ['four fields', { cron: '0 9 * *' }, ['BAD_CRON trigger.schedule.cron']],
    ['a date', { cron: '2026-01-31T09:00:00Z' }, ['BAD_CRON trigger.schedule.cron']],
    ['a date and fields', { cron: '2026-01-31T09:00:00Z * * * *' }, ['BAD_CRON trigger.schedule.cron']],
    ['a minute that there is none of', { cron: '60 * * * *' }, ['BAD_CRON trigger.schedule.cron']],
    ['a step of nothing', { cron: '*/0 * * * *' }, ['BAD_CRON trigger.schedule.cron']],
    ['a day that there is none of', { cron: '0 0 * * MOO' }, ['BAD_CRON trigger.schedule.cron']],
    ['an unknown nickname', { cron: '@reboot' }, ['BAD_CRON trigger.schedule.cron']],
    ['a day that never comes', { cron: '0 0 30 2 *' }, ['CRON_NEVER trigger.schedule.cron']],
    ['another day that never comes', { cron: '0 0 31 4,6,9,11 *' }, ['CRON_NEVER trigger.schedule.cron']],
    [
      'an unknown zone',
      { cron: '@daily', time_zone: 'Mars/Base' },
      ['BAD_TIME_ZONE trigger.schedule.time_zone'],
    ],
    ['an unknown overlap', { cron: '@daily', overlap: 'kill' }, ['WRONG_VALUE trigger.schedule.overlap']],
    ['an unknown catch_up', { cron: '@daily', catch_up: 3 }, ['WRONG_VALUE trigger.schedule.catch_up']],
    ['an unknown field', { cron: '@daily', timezone: 'UTC' }, ['UNKNOWN_FIELD trigger.schedule.timezone']],
    [
      'all of it at once',
      { cron: '0 25 * * *', time_zone: 'Berlin', overlap: true },
      [
        'BAD_CRON trigger.schedule.cron',
        'BAD_TIME_ZONE trigger.schedule.time_zone',
        'WRONG_VALUE trigger.schedule.overlap',
      ],
    ],
  ])('has %s', (_, schedule, problems) => {
    expect(problem(schedule)).toEqual(problems);
  });

  it('says where, what was expected and what was found', () => {
    const source =
      'workflow: a\ntrigger:\n  schedule:\n    cron: "0 0 31 13 *"\n    time_zone: Berlin\nactivities: [{ name: b }]\n';
    expect(refused(source)).toEqual([
      {
        code: 'BAD_CRON',
        line: 4,
        column: 11,
        path: 'trigger.schedule.cron',
        message: 'Expected a month as cron knows it, but found "13".',
      },
      {
        code: 'BAD_TIME_ZONE',
        line: 5,
        column: 16,
        path: 'trigger.schedule.time_zone',
        message: 'Expected a time zone such as Europe/Berlin or UTC, but found "Berlin".',
      },
    ]);
    expect(refused(withSchedule({ cron: '0 0 30 2 *' }))[0]?.message).toBe(
      'Expected a time that comes, but "0 0 30 2 *" never does.',
    );
    expect(refused(withSchedule({ cron: '9:00' }))[0]?.message).toBe(
      'Expected five fields (minute, hour, day of the month, month, day of the week) or one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, but found "9:00".',
    );
  });

  it('has an idempotency_key and nothing that one could be of', () => {
    expect(problem({ cron: '@daily' }, { idempotency_key: '${event.due_at}' })).toEqual([
      'MISSING_FIELD trigger',
    ]);
  });
});
