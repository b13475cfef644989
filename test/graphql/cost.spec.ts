import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/graphql/driver/cost.ts';

const SCHEMA = buildSchema(`
  type Query { item: Item  items(first: Int! = 20): Items!  some: [Item!]!  top(limit: Int): [Item!]!  any: Any }
  type Subscription { item: Item }
  type Items { nodes: [Item!]!  edges: [Edge!]!  pageInfo: PageInfo! }
  type Edge { node: Item! }
  type PageInfo { hasNextPage: Boolean! }
  type Item { id: ID!  tags: [String!]!  items(first: Int! = 20): Items! }
  type Other { id: ID! }
  union Any = Item | Other
`);

const cost = (query: string, variables = {}): number => {
  const document = parse(query);
  const operation = getOperationAST(document);
  return operation == null ? Number.NaN : costOf(SCHEMA, document, operation, variables);
};

describe('the cost of an operation', () => {
  it.each([
    ['a field each', '{ item { id tags } }', 3],
    ['a page as long as asked for', '{ items(first: 7) { nodes { id } } }', 1 + 7 * 2],
    ['a page of the length that the schema says', '{ items { nodes { id } } }', 1 + 20 * 2],
    [
      'a page once, however its items are asked for',
      '{ items(first: 7) { edges { node { id } } } }',
      1 + 7 * 3,
    ],
    ['what stands beside the items', '{ items(first: 7) { pageInfo { hasNextPage } } }', 1 + 7 * 2],
    [
      'pages of pages',
      '{ items(first: 5) { nodes { items(first: 3) { nodes { id } } } } }',
      1 + 5 * (1 + 1 + 3 * 2),
    ],
    ['some items of a list of no known length', '{ some { id } }', 1 + 10],
    ['by other names of a length', '{ top(limit: 4) { id } }', 1 + 4],
    ['the longest where nothing is said', '{ top { id } }', 1 + 100],
    ['no more than the longest', '{ top(limit: 5000) { id } }', 1 + 100],
    ['no less than one', '{ top(limit: -3) { id } }', 1 + 1],
    ['the longest for what is no length', '{ top(limit: "x") { id } }', 1 + 100],
    ['the same field again under another name', '{ a: item { id } b: item { id } }', 4],
    [
      'what is in fragments, each time',
      '{ item { ...F } some { ...F } } fragment F on Item { id tags }',
      3 + 21,
    ],
    ['what is in fragments without a name', '{ item { ... { id } ... on Item { tags } } }', 3],
    ['of a union all that is asked for', '{ any { __typename ... on Item { id } ... on Other { id } } }', 4],
    ['nothing for a fragment in itself', '{ item { ...F } } fragment F on Item { id ...F }', 2],
    ['for each event', 'subscription { item { id } }', 2],
    ['one for what the schema does not have', '{ nothing { id } }', 1],
  ])('counts %s', (_, query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  it.each([
    ['given', { n: 3 }, 1 + 3 * 2],
    ['not given', {}, 1 + 9 * 2],
    ['null', { n: null }, 1 + 9 * 2],
    ['of another type', { n: '3' }, 1 + 100 * 2],
  ])('goes by variables: %s', (_, variables, expected) => {
    expect(cost('query ($n: Int = 9) { items(first: $n) { nodes { id } } }', variables)).toBe(expected);
  });

  it('is told at once of fragments that double each other', () => {
    const doubling = Array.from(
      { length: 200 },
      (_, n) => `fragment F${n} on Item { items(first: 2) { nodes { ...F${n + 1} ...F${n + 1} } } }`,
    );
    expect(cost(`{ item { ...F0 } } ${doubling.join(' ')} fragment F200 on Item { id }`)).toBeGreaterThan(
      1e60,
    );
  });
});
