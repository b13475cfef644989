import { expect, test } from 'vitest';
import type { Page } from '../../src/queries/page.ts';
import { FindApprovals } from '../../src/queries/queries.ts';
import { approvalDecided, approvalRequested, started } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, openQueries } from './queries.ts';

const T = at('2026-01-31T00:00:00Z');

const asked = (id: string, time: number, ...names: readonly string[]): Happened =>
  happened(`execution-${id}`, time, approvalRequested('sign', names));

const stepsOf = ({ items }: Page<{ readonly doc: { readonly executionId: string } }>) =>
  items.map(({ node }) => node.doc.executionId);

test('decisions are listed by the time that they were asked for, without those that were made', async () => {
  const { ask, happen } = await openQueries();
  const end = await happen(
    ...['a', 'b', 'c', 'd'].map((id) => happened(`execution-${id}`, T, started())),
    asked('b', T + 1, 'ann'),
    asked('a', T + 2, 'ann', 'bob'),
    asked('c', T + 3, 'bob'),
    asked('d', T + 4),
    happened('execution-c', T + 5, approvalDecided('sign')),
  );
  const find = (assignee?: string, first = 10, after?: string) =>
    ask(new FindApprovals(assignee, { first, after }, end));
  expect(stepsOf(await find())).toEqual(['b', 'a', 'd']);
  expect(stepsOf(await find('ann'))).toEqual(['b', 'a']);
  expect(stepsOf(await find('bob'))).toEqual(['a']);
  expect(stepsOf(await find('eve'))).toEqual([]);

  const page = await find('ann', 1);
  expect([stepsOf(page), page.hasNextPage]).toEqual([['b'], true]);
  const next = await find('ann', 1, page.items[0]?.cursor);
  expect([stepsOf(next), next.hasNextPage]).toEqual([['a'], false]);
  await expect(find('bob', 1, page.items[0]?.cursor)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('those of an assignee are found behind any number of others', async () => {
  const { ask, happen } = await openQueries();
  const ids = Array.from({ length: 1_100 }, (_, n) => `e${n}`);
  const end = await happen(...ids.map((id, n) => asked(id, T + n, n === 1_050 ? 'ann' : 'bob')));
  const page = await ask(new FindApprovals('ann', { first: 5, after: undefined }, end));
  expect([stepsOf(page), page.hasNextPage]).toEqual([['e1050'], false]);
});
