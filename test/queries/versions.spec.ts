import { expect, test } from 'vitest';
import { GetVersions } from '../../src/queries/queries.ts';
import { registered, WORKFLOW } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, known, openQueries, pagesOf } from './queries.ts';

test.for([1, 2, 5, 100])(
  'the versions of a workflow are listed, the latest first, in pages of %i',
  async (many) => {
    const { ask, happen } = await openQueries();
    const numbers = Array.from({ length: 11 }, (_, n) => n + 1);
    await happen(
      known('other'),
      ...numbers.map((number) => happened(`workflow-${WORKFLOW}`, number, registered(number))),
    );
    const pages = await pagesOf(many, (page) => ask(new GetVersions(WORKFLOW, page)));
    expect(pages.flat().map(({ doc }) => [doc.number, doc.definition])).toEqual(
      numbers.toReversed().map((number) => [number, `sha256:${number}`]),
    );
    expect(pages).toHaveLength(Math.ceil(numbers.length / many));
  },
);

test('a cursor of another workflow’s versions is refused', async () => {
  const { ask, happen } = await openQueries();
  await happen(known('a'), known('b'));
  const page = await ask(new GetVersions('a', first(1)));
  const after = page.items[0]?.cursor ?? '';
  await expect(ask(new GetVersions('b', first(1, after)))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { field: 'after' },
  });
});
