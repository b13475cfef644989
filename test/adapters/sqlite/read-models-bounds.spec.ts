import { describe, expect, it } from 'vitest';
import { withoutPassedBounds } from '../../../src/adapters/sqlite/read-models-bounds.ts';
import { selectOf } from '../../../src/adapters/sqlite/read-models-query.ts';
import type { Condition, DocumentQuery, Scalar } from '../../../src/ports/read-models.ts';

const n = (op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte', value: Scalar): Condition => ({ field: 'n', op, value });
const other: Condition = { field: 'm', op: 'gte', value: 1 };

const left = (direction: 'asc' | 'desc', place: Scalar, ...where: readonly Condition[]) => {
  const orderBy = [{ field: 'n', direction }] as const;
  const query: DocumentQuery = { where, orderBy, after: { values: [place], key: 'k' }, limit: 1 };
  return withoutPassedBounds(query).where;
};

describe('a bound on what a query is sorted by', () => {
  it('is left out where the place to go on from is behind it', () => {
    expect(left('asc', 5, n('gte', 5), n('gte', 1), n('lt', 9), n('gt', 4), other)).toEqual([
      n('lt', 9),
      other,
    ]);
    expect(left('desc', 5, n('lte', 5), n('lte', 9), n('gt', 1), n('lt', 6), other)).toEqual([
      n('gt', 1),
      other,
    ]);
  });

  it('is left out so that what has no value does not come with it', () => {
    expect(left('asc', 5, n('gte', 5), other)).toEqual([other]);
    expect(left('desc', 5, n('lte', 5), other)).toEqual([other, n('gte', -Number.MAX_VALUE)]);
  });

  it('stays where it says more than the place, or of the other end', () => {
    for (const bound of [n('gt', 5), n('gte', 6), n('lt', 9), n('lte', 5), n('eq', 5), n('gte', 'a')])
      expect(left('asc', 5, bound)).toEqual([bound]);
    for (const bound of [n('lt', 5), n('lte', 4), n('gt', 1), n('gte', 5)])
      expect(left('desc', 5, bound)).toEqual([bound]);
  });

  it('stays where the place is of nothing, or of a text, which come before numbers and behind them', () => {
    for (const place of [null, 'a']) expect(left('asc', place, n('gte', 1))).toEqual([n('gte', 1)]);
  });

  it('is none of a statement that goes on behind it: an index is entered at the place', () => {
    const table = { name: 'doc_things', columns: new Set(['f_n']), each: undefined };
    const selected = (direction: 'asc' | 'desc', ...where: readonly Condition[]) => {
      const orderBy = [{ field: 'n', direction }] as const;
      return selectOf(table, { where, orderBy, after: { values: [5], key: 'k' }, limit: 2 });
    };
    expect(selected('asc', n('gte', 1)).values).toEqual([5, 5, 'k', 2n]);
    expect(selected('asc', n('gte', 1), n('lt', 9)).values).toEqual([9, 5, 9, 5, 'k', 2n]);
    const { text, values } = selected('desc', n('gte', 1), n('lt', 9));
    expect(values).toEqual([1, 5, 1, 5, 'k', 2n]);
    // Nor is it looked for what has no value.
    expect(text).not.toContain('NULL');
  });
});
