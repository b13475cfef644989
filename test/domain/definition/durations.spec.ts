import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/domain/duration.ts';
import { parseTime } from '../../../src/domain/time.ts';
import { parsed, refused } from './parsed.ts';

const timeoutOf = (duration: string) => {
  const [step] = parsed(JSON.stringify({ workflow: 'a', activities: [{ name: 'b', timeout: duration }] }))
    .definition.steps;
  return step?.kind === 'activity' ? step.attemptTimeout : undefined;
};

const GOOD: readonly (readonly [string, number])[] = [
  ['500ms', 500],
  ['1s', 1_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1.5h', 5_400_000],
  ['0s', 0],
  ['PT30S', 30_000],
  ['PT1.5S', 1_500],
  ['P1DT2H3M4S', 93_784_000],
  ['P2W', 1_209_600_000],
  ['36500d', 3_153_600_000_000],
];

const BAD = [
  '',
  '5',
  '-1s',
  '1 s',
  '1w',
  '1S',
  'pt1s',
  'P',
  'PT',
  'P1M',
  'P1Y',
  '1h30m',
  '1e3s',
  '.5s',
  '999999d',
  '9'.repeat(400) + 'd',
];

describe('a duration', () => {
  it.each(GOOD)('of %s is %d ms, to the schema and when it is evaluated', (text, milliseconds) => {
    expect(timeoutOf(text)).toBe(milliseconds);
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(BAD)('is not %s, to the schema and when it is evaluated', (text) => {
    const problems = refused(JSON.stringify({ workflow: 'a', activities: [{ name: 'b', timeout: text }] }));
    expect(problems.map(({ code }) => code)).toEqual(['BAD_DURATION']);
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('a time', () => {
  it.each([
    ['2026-01-31T09:00:00Z', 1_769_850_000_000],
    ['2026-01-31T09:00:00.250Z', 1_769_850_000_250],
    ['2026-01-31T10:00:00+01:00', 1_769_850_000_000],
    ['2026-01-31T09:00Z', 1_769_850_000_000],
    ['2026-01-31', 1_769_817_600_000],
    ['2028-02-29', 1_835_395_200_000],
  ])('of %s is the same everywhere', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each([
    '',
    'tomorrow',
    '5',
    'March 7',
    '2026-01-31T09:00:00',
    '2026-02-30',
    '2026-13-01',
    '2026-1-1',
    '2026-01-31T24:00:00Z',
    '2026-01-31 09:00:00Z',
  ])('is not %s', (text) => {
    expect(parseTime(text)).toBeUndefined();
    const problems = refused(
      JSON.stringify({ workflow: 'a', activities: [{ name: 'b', wait: { until: text } }] }),
    );
    expect(problems.map(({ code }) => code)).toEqual([text === '' ? 'WRONG_VALUE' : 'BAD_TIME']);
  });
});
