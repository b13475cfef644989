import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { IMPERSONAL } from '../../src/graphql/access/impersonal.ts';
import { createIsImpersonal } from '../../src/graphql/driver/is-impersonal.ts';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const isImpersonal = createIsImpersonal(IMPERSONAL);

describe('what is told of events', () => {
  it.each([
    'subscription { events { cursor type stream at facts commit { hash } lagging { behind } __typename } }',
    'subscription ($after: Position, $w: String) { events(after: $after, filter: { workflow: $w }) { cursor } }',
    'subscription ($id: ID!) { told: executionEvents(id: $id) { where: position } }',
    'subscription { ...All } fragment All on Subscription { events { ...One } } fragment One on Event { ... on Event { id } }',
  ])('is the same for everybody: %s', (text) => {
    expect(validate(schema, parse(text))).toEqual([]);
    expect(isImpersonal(schema, parse(text))).toBe(true);
  });

  it.each([
    ['a payload, whose reading is recorded', 'subscription { events { cursor payload } }'],
    ['who did it', 'subscription { events { cursor metadata } }'],
    ['a payload in a fragment', 'subscription { events { ...P } } fragment P on Event { payload }'],
    ['what may be left out', 'subscription ($i: Boolean!) { events { cursor type @include(if: $i) } }'],
    ['what is left out as a whole', 'subscription { events @skip(if: false) { cursor } }'],
    ['something else than events', 'subscription { logs { cursor } }'],
    ['one of two operations', 'subscription A { events { cursor } } subscription B { events { type } }'],
    ['a query', '{ projections { name } }'],
  ])('is made for each, of %s', (_what, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
    expect(isImpersonal(schema, parse(text))).toBe(false);
  });

  it('depends on no variable below the subscription', () => {
    const own = buildSchema('type Query { a: Int } type Subscription { a: A } type A { b(n: Int): Int }');
    const is = createIsImpersonal(new Set(['Subscription.a', 'A.b']));
    expect(is(own, parse('subscription { a { b(n: 1) } }'))).toBe(true);
    expect(is(own, parse('subscription ($n: Int) { a { b(n: $n) } }'))).toBe(false);
  });

  it('is told by fields that there are', () => {
    const missing = [...IMPERSONAL].filter((name) => {
      const [type = '', field = ''] = name.split('.');
      const found = schema.getType(type);
      return !isObjectType(found) || !Object.hasOwn(found.getFields(), field);
    });
    expect(missing).toEqual([]);
  });
});
