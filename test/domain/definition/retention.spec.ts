import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const source = (retention: string) => `workflow: a\nretention: ${retention}\nactivities: [{ name: one }]\n`;

describe('how long runs are kept', () => {
  it.each([
    ['30d', { after: 2_592_000_000, archives: true }],
    ['P1W', { after: 604_800_000, archives: true }],
    ['{ after: 12h }', { after: 43_200_000, archives: true }],
    ['{ after: 12h, archive: true }', { after: 43_200_000, archives: true }],
    ['{ after: 12h, archive: false }', { after: 43_200_000, archives: false }],
  ])('is said by a duration: %s', (retention, expected) => {
    expect(parsed(source(retention)).definition.retention).toEqual(expected);
    expect(warningsOf(source(retention))).toEqual([]);
  });

  it('is for ever where nothing is said', () => {
    expect(parsed('workflow: a\nactivities: [{ name: one }]\n').definition.retention).toBeUndefined();
  });

  it.each([
    ['0s', ['2:12 WRONG_VALUE retention']],
    ['-1d', ['2:12 BAD_DURATION retention']],
    ['30', ['2:12 BAD_DURATION retention']],
    ['forever', ['2:12 BAD_DURATION retention']],
    ['{ archive: true }', ['2:1 MISSING_FIELD retention']],
    [
      '{ after: 0d, archives: true, archive: yes }',
      [
        '2:21 WRONG_VALUE retention.after',
        '2:25 UNKNOWN_FIELD retention.archives',
        '2:50 WRONG_TYPE retention.archive',
      ],
    ],
  ])('is refused with everything that is wrong of it, and where: %s', (retention, expected) => {
    expect(problemsOf(source(retention))).toEqual(expected);
  });
});
