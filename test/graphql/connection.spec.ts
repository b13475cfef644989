import { expect, it } from 'vitest';
import { connectionFrom } from '../../src/graphql/models/connection.ts';
import { itemOf } from '../../src/queries/page.ts';

const pageOf = (names: readonly string[]) => {
  const made: string[] = [];
  const cursor = (name: string): string => {
    made.push(name);
    return `cursor of ${name}`;
  };
  return { made, page: { items: names.map((name) => itemOf(name, cursor)), hasNextPage: true } };
};

const inCapitals = (name: string): string => name.toUpperCase();

it('makes no cursor for whoever asks for items, and those of both ends for whoever asks where the page stands', () => {
  const { made, page } = pageOf(['a', 'b', 'c']);
  const connection = connectionFrom(page, { after: null }, inCapitals);
  expect(connection.nodes).toEqual(['A', 'B', 'C']);
  expect(made).toEqual([]);
  expect(connection.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: 'cursor of a',
    endCursor: 'cursor of c',
  });
  expect(made).toEqual(['a', 'c']);
  expect(connection.edges).toEqual([
    { cursor: 'cursor of a', node: 'A' },
    { cursor: 'cursor of b', node: 'B' },
    { cursor: 'cursor of c', node: 'C' },
  ]);
});

it('goes on where the page says, also when it has no items', () => {
  const { page } = pageOf([]);
  expect(connectionFrom(page, {}, inCapitals).pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  const { pageInfo } = connectionFrom({ ...page, endCursor: 'further' }, { after: 'x' }, inCapitals);
  expect(pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: null, endCursor: 'further' });
});
