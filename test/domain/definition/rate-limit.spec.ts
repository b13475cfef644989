import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

describe('how many calls are begun in a time', () => {
  it('is limited for each activity, whichever block says so; a step’s own stands for the other', () => {
    const source = `
workflow: a
rate_limit: { limit: 100, per: 1m }
activities:
  - name: one
  - name: two
    rate_limit: { limit: 5, per: 1s, key: "\${input.customer}" }
  - name: three
    set: { variables: { x: 1 } }
`;
    const rates = parsed(source).definition.steps.map((step) =>
      step.kind === 'activity' ? step.rate : step.kind,
    );
    expect(rates).toMatchObject([
      { limit: 100, per: 60_000 },
      { limit: 5, per: 1_000, key: { source: '${input.customer}' } },
      'set',
    ]);
    expect(warningsOf(source)).toEqual([]);
  });

  it('is refused with everything that is wrong of it, and where', () => {
    const source = `
workflow: a
rate_limit: { limit: 0, per: 0s }
activities:
  - name: one
    rate_limit: { limit: 5 }
  - name: two
    rate_limit: { limit: 5, per: 0s, key: "\${nobody.x}", keys: 1 }
  - name: three
    wait: { for: 1s }
    rate_limit: { limit: 5, per: 1s }
  - name: four
    rate_limit: 5
`;
    expect(problemsOf(source).map((problem) => problem.replace(/^(\d+):\d+/, '$1'))).toEqual([
      '3 WRONG_VALUE rate_limit.limit',
      '3 WRONG_VALUE rate_limit.per',
      '6 MISSING_FIELD activities[0].rate_limit',
      '8 WRONG_VALUE activities[1].rate_limit.per',
      '8 UNKNOWN_NAME activities[1].rate_limit.key',
      '8 UNKNOWN_FIELD activities[1].rate_limit.keys',
      '11 FIELD_NOT_USED activities[2].rate_limit',
      '13 WRONG_TYPE activities[3].rate_limit',
    ]);
  });
});
