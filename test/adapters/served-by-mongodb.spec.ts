import { describe, expect, it } from 'vitest';
import type { Condition, DocumentQuery, OrderBy } from '../../src/ports/read-models.ts';
import { isServed } from './served-by-mongodb.ts';

const equal = (field: string): Condition => ({ field, op: 'eq', value: 1 });
const more = (field: string): Condition => ({ field, op: 'gt', value: 1 });
const by = (...fields: readonly string[]): readonly OrderBy[] =>
  fields.map((field) => ({ field, direction: 'desc' }));

const INDEXES = [{ fields: ['a', 't'] }, { fields: ['a', 'b', 't'] }, { each: 'list', fields: ['t'] }];

const of = (where: readonly Condition[], orderBy: readonly OrderBy[] = []): DocumentQuery => ({
  where,
  orderBy,
  limit: 9,
});

describe('an index of MongoDB', () => {
  it.each<DocumentQuery>([
    of([equal('a')], by('t')),
    of([equal('a'), equal('b')], by('t')),
    of([equal('a'), equal('c')], by('t')),
    of([equal('a'), more('t')], by('t')),
    of([equal('a')], by('b', 't')),
    of([equal('a'), equal('t')]),
    of([{ field: 'list', op: 'has', values: ['x'] }], by('t')),
    { where: [{ field: 'list', op: 'hasWithin', from: 'a', before: 'b' }], anyOrder: true, limit: 9 },
    of([]),
  ])('serves %j', (query) => {
    expect(isServed(INDEXES, query)).toBe(true);
  });

  it.each<DocumentQuery>([
    of([], by('t')),
    of([equal('b')], by('t')),
    of([more('a')], by('t')),
    of([equal('a')], by('c')),
    of([equal('a')], [{ field: 'b', direction: 'asc' }, ...by('t')]),
    of([equal('a')]),
    of([more('c')]),
    { where: [equal('t')], anyOrder: true, limit: 9 },
  ])('does not serve %j', (query) => {
    expect(isServed(INDEXES, query)).toBe(false);
  });
});
