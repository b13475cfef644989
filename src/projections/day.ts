import { Rejection } from '../domain/rejection.ts';
import { BUCKET, bucketOf } from './bucket.ts';
import type { Window } from './sum-outcomes.ts';

/** Milliseconds, longer than any day: those of a change to winter time have 25 hours, and zones have left out a whole day. */
export const LONGEST_DAY = 50 * 3_600_000;

const calendar = (timeZone: string): Intl.DateTimeFormat => {
  try {
    // Offsets such as "+05:07" are time zones to Intl, but their days need not begin at a bucket.
    if (/^[+-]/.test(timeZone)) throw new RangeError('An offset is no time zone.');
    return new Intl.DateTimeFormat('en-CA-u-ca-iso8601-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Rejection(
      'BAD_USER_INPUT',
      `Expected the name of an IANA time zone such as "Europe/Berlin", but found ${JSON.stringify(timeZone)}.`,
      { field: 'timeZone', found: timeZone, expected: 'an IANA time zone' },
    );
  }
};

/** The first bucket in (low, high] whose date is at or after `date`; the one at `high` is. */
const firstOf = (dateOf: (at: number) => string, date: string, low: number, high: number): number => {
  let [before, found] = [low / BUCKET, high / BUCKET];
  while (found - before > 1) {
    const middle = Math.floor((before + found) / 2);
    if (dateOf(middle * BUCKET) < date) before = middle;
    else found = middle;
  }
  return found * BUCKET;
};

const windowAt = (format: Intl.DateTimeFormat, now: number): Window => {
  const dateOf = (time: number): string => format.format(time);
  const today = dateOf(now);
  // Behind every date that begins with today's, and before the next one.
  const after = `${today}~`;
  return {
    from: firstOf(dateOf, today, now - LONGEST_DAY, now),
    to: firstOf(dateOf, after, now, now + LONGEST_DAY),
  };
};

/** A time zone that days were asked of, and the last one that was. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  now: number;
  day: Window;
}

/** Zones that are kept: a name may be written in many ways, each of which is another one here. */
const ZONES = 100;

const zones = new Map<string, Zone>();

const keep = (timeZone: string, zone: Zone): void => {
  zones.set(timeZone, zone);
  const [first] = zones.keys();
  if (zones.size > ZONES && first !== undefined) zones.delete(first);
};

/**
 * The day of a time zone that a time is in: 23, 24 or 25 hours, beginning and ending at a bucket.
 * Throws `Rejection` (`BAD_USER_INPUT`) for what is no IANA time zone.
 */
export const dayOf = (timeZone: string, at: number): Window => {
  const now = bucketOf(at);
  const known = zones.get(timeZone);
  if (known?.now === now) return known.day;
  // Making a calendar is most of what a query of today's counters takes.
  const format = known?.format ?? calendar(timeZone);
  const day = windowAt(format, now);
  if (known === undefined) keep(timeZone, { format, now, day });
  else Object.assign(known, { now, day });
  return day;
};
