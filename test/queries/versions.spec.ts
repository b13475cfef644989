import { expect, test } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { GetVersions } from '../../src/queries/each-queries.ts';
import type { PageRequest } from '../../src/queries/page.ts';
import { registered, WORKFLOW } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, known, openQueries, pagesOf, type Queries } from './queries.ts';

const versionsOf = async ({ ask }: Queries, workflow: string, page: PageRequest) => {
  const found = (await ask(new GetVersions([workflow], page))).get(workflow);
  if (found === undefined || found instanceof Rejection) throw found ?? new Error('Nothing is known of it.');
  return found;
};

test.for([1, 2, 5, 100])(
  'the versions of a workflow are listed, the latest first, in pages of %i',
  async (many) => {
    const queries = await openQueries();
    const numbers = Array.from({ length: 11 }, (_, n) => n + 1);
    await queries.happen(
      known('other'),
      ...numbers.map((number) => happened(`workflow-${WORKFLOW}`, number, registered(number))),
    );
    const pages = await pagesOf(many, (page) => versionsOf(queries, WORKFLOW, page));
    expect(pages.flat().map(({ doc }) => [doc.number, doc.definition])).toEqual(
      numbers.toReversed().map((number) => [number, `sha256:${number}`]),
    );
    expect(pages).toHaveLength(Math.ceil(numbers.length / many));
  },
);

test('a cursor of another workflow’s versions is refused, and keeps no other from its page', async () => {
  const queries = await openQueries();
  const later = registered(2);
  await queries.happen(
    known('a'),
    happened('workflow-a', 1, { ...later, facts: { ...later.facts, workflow: 'a' } }),
    known('b'),
  );
  const { items } = await versionsOf(queries, 'a', first(1));
  const pages = await queries.ask(new GetVersions(['b', 'a', 'b'], first(1, items[0]?.cursor)));
  expect([...pages.keys()]).toEqual(['b', 'a']);
  expect(pages.get('b')).toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'after' } });
  expect(pages.get('a')).toMatchObject({ items: [{ node: { doc: { number: 1 } } }], hasNextPage: false });
});
