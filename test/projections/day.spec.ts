import { describe, expect, it } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { BUCKET } from '../../src/projections/bucket.ts';
import { dayOf } from '../../src/projections/day.ts';

const HOUR = 3_600_000;
const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
const day = (timeZone: string, at: string) => {
  const { from, to } = dayOf(timeZone, Date.parse(at));
  return [iso(from), iso(to), (to - from) / HOUR];
};

describe('the day of a time zone', () => {
  it.each([
    ['UTC', '2026-05-05T12:00Z', '2026-05-05T00:00', '2026-05-06T00:00', 24],
    ['Europe/Berlin', '2026-07-01T21:59Z', '2026-06-30T22:00', '2026-07-01T22:00', 24],
    ['Europe/Berlin', '2026-07-01T22:00Z', '2026-07-01T22:00', '2026-07-02T22:00', 24],
    ['Asia/Kolkata', '2026-05-05T18:29:59Z', '2026-05-04T18:30', '2026-05-05T18:30', 24],
    ['Asia/Kathmandu', '2026-05-05T18:15Z', '2026-05-05T18:15', '2026-05-06T18:15', 24],
    ['Pacific/Kiritimati', '2026-05-05T12:00Z', '2026-05-05T10:00', '2026-05-06T10:00', 24],
    ['Pacific/Pago_Pago', '2026-05-05T10:59Z', '2026-05-04T11:00', '2026-05-05T11:00', 24],
  ])('%s at %s', (timeZone, at, ...expected) => {
    expect(day(timeZone, at)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T10:00Z', '2026-03-28T23:00', '2026-03-29T22:00', 23],
    ['America/New_York', '2026-03-08T20:00Z', '2026-03-08T05:00', '2026-03-09T04:00', 23],
    ['Africa/Cairo', '2026-04-24T10:00Z', '2026-04-23T22:00', '2026-04-24T21:00', 23],
    ['Australia/Lord_Howe', '2026-10-04T10:00Z', '2026-10-03T13:30', '2026-10-04T13:00', 23.5],
  ])('in %s is short when summer time begins', (timeZone, at, ...expected) => {
    expect(day(timeZone, at)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-10-25T10:00Z', '2026-10-24T22:00', '2026-10-25T23:00', 25],
    ['America/New_York', '2026-11-01T05:30Z', '2026-11-01T04:00', '2026-11-02T05:00', 25],
    ['America/Havana', '2026-11-01T04:30Z', '2026-11-01T04:00', '2026-11-02T05:00', 25],
  ])('in %s is long when it ends', (timeZone, at, ...expected) => {
    expect(day(timeZone, at)).toEqual(expected);
  });

  it('of a zone that left out a date ends where the one after it begins', () => {
    expect(day('Pacific/Apia', '2011-12-29T20:00Z')).toEqual(['2011-12-29T10:00', '2011-12-30T10:00', 24]);
    expect(day('Pacific/Apia', '2011-12-30T10:00Z')).toEqual(['2011-12-30T10:00', '2011-12-31T10:00', 24]);
  });

  it('begins where the one before it ends, at a bucket, through a year of every zone', () => {
    for (const timeZone of Intl.supportedValuesOf('timeZone').filter((_, n) => n % 20 === 0)) {
      const start = dayOf(timeZone, Date.UTC(2026, 0, 1));
      for (let at = start.to, days = 0; days < 366; days += 1) {
        const { from, to } = dayOf(timeZone, at);
        expect([from, from % BUCKET, to > from], `${timeZone} ${iso(at)}`).toEqual([at, 0, true]);
        at = to;
      }
    }
  });

  it.each(['Mars/Olympus', '', '+05:07', '+02:00'])('refuses %j', (timeZone) => {
    const refused = () => dayOf(timeZone, 0);
    expect(refused).toThrow(Rejection);
    expect(refused).toThrow(`but found ${JSON.stringify(timeZone)}`);
  });

  it('is found once, whoever asks for it in the same bucket', () => {
    const at = Date.UTC(2026, 4, 5, 12);
    const found = dayOf('Asia/Tokyo', at);
    expect(dayOf('Asia/Tokyo', at + BUCKET - 1)).toBe(found);
    expect(dayOf('Asia/Tokyo', at - 24 * HOUR)).toEqual({ from: found.from - 24 * HOUR, to: found.from });
    expect(dayOf('Asia/Tokyo', at)).toEqual(found);
  });

  it('is forgotten when it was asked of hundreds of other zones', () => {
    const at = Date.UTC(2026, 4, 5, 12);
    const found = dayOf('Asia/Seoul', at);
    for (const timeZone of Intl.supportedValuesOf('timeZone'))
      if (timeZone !== 'Asia/Seoul') dayOf(timeZone, at);
    const again = dayOf('Asia/Seoul', at);
    expect(again).toEqual(found);
    expect(again).not.toBe(found);
  });
});
