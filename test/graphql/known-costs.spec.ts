import { buildSchema, getOperationAST, parse, type ExecutionArgs } from 'graphql';
import { expect, it } from 'vitest';
import { costOf } from '../../src/graphql/driver/cost.ts';
import { createCosts } from '../../src/graphql/driver/known-costs.ts';

const schema = buildSchema(`
  type Query { items(first: Int = 20, after: String): Items!  top(limit: Int): [Item!]! }
  type Items { nodes: [Item!]!  pageInfo: String }
  type Item { id: ID!  items(first: Int = 20): Items! }
`);

const document = parse(`
  query One($n: Int = 5, $after: String) { items(first: $n, after: $after) { nodes { ...F } } }
  query Other($n: Int, $m: Int) { items(first: $n) { nodes { ...F } } top(limit: $m) { id } }
  fragment F on Item { id items(first: $n) { nodes { id } } }
`);

it('tells what each operation of a document costs by the sizes that it is given, as often as it is asked', () => {
  const costs = createCosts();
  const values = [undefined, null, 1, 7, 50, 100, '7', true];
  const asked = ['One', 'Other'].flatMap((operationName) =>
    values.flatMap((n) => values.map((m) => ({ operationName, variableValues: { n, m, after: 'x' } }))),
  );
  const wanted = asked.map(({ operationName, variableValues }) => {
    const operation = getOperationAST(document, operationName);
    return operation == null ? undefined : costOf(schema, document, operation, variableValues);
  });
  const told = () => asked.map((args) => costs({ schema, document, ...args }));
  expect(told()).toEqual(wanted);
  expect(told()).toEqual(wanted);
  expect(new Set(wanted).size).toBeGreaterThan(10);
});

it('looks at a document no more that comes again with the same sizes', () => {
  const costs = createCosts();
  let looks = 0;
  const looked: ExecutionArgs = {
    get schema() {
      return schema;
    },
    document: {
      ...document,
      get definitions() {
        looks += 1;
        return document.definitions;
      },
    },
    operationName: 'One',
  };
  const ask = (n: number, after: string): number => costs({ ...looked, variableValues: { n, after } });
  ask(3, 'a');
  const first = looks;
  ask(3, 'b');
  expect(looks).toBe(first);
  ask(4, 'b');
  expect(looks).toBeGreaterThan(first);
});
