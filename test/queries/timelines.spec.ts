import { expect, test } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { FindTimelines } from '../../src/queries/each-queries.ts';
import { GetTimeline, type TimelinePage } from '../../src/queries/history-queries.ts';
import { completed, started, stepCompleted, stepStarted } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, openQueries } from './queries.ts';

const IDS = ['e-1', 'e-2', 'e-3'];

const open = async () => {
  const queries = await openQueries();
  await queries.happen(
    happened('execution-e-1', 1_000, started(), stepStarted('pay')),
    happened('execution-e-2', 1_500, started()),
    happened('execution-e-1', 2_000, stepCompleted('pay', 1_000), completed(1_000, 1_000)),
  );
  return queries;
};

const keys = (page: TimelinePage | Rejection | undefined) =>
  page === undefined || page instanceof Rejection ? page : page.items.map(({ node }) => node.key);

test('timelines of several are those of each, and none of what there is none of', async () => {
  const { ask } = await open();
  const found = await ask(new FindTimelines(IDS, first(10), undefined));
  for (const id of ['e-1', 'e-2'])
    expect(found.get(id)).toEqual(await ask(new GetTimeline(id, first(10), undefined)));
  expect(found.get('e-3')).toEqual({ items: [], hasNextPage: false });
});

test('timelines of several are nothing beyond a scope, now and then', async () => {
  const { ask } = await open();
  for (const asOf of [undefined, { by: 'position', position: 3n } as const])
    for (const [tenant, expected] of [
      ['default', [2, 1, 0]],
      ['others', [0, 0, 0]],
    ] as const) {
      const query = new FindTimelines(IDS, first(10), undefined, asOf);
      const found = await ask(query.within({ tenant, within: undefined }));
      expect(IDS.map((id) => keys(found.get(id)))).toMatchObject(expected.map((length) => ({ length })));
    }
});

test('timelines of several say of which moment they are, so that others can be looked at then', async () => {
  const { ask } = await open();
  const said = async (asOf: FindTimelines['asOf']) =>
    (await ask(new FindTimelines(['e-1'], first(10), undefined, asOf))).get('e-1');
  expect(await said({ by: 'revision', revision: 1 })).toMatchObject({
    asOf: { by: 'position', position: 2n },
  });
  expect(await said({ by: 'at', at: 1_999 })).toMatchObject({ asOf: { by: 'at', at: 1_999 } });
  expect(await said(undefined)).not.toHaveProperty('asOf');
});

test('a cursor leads on in the timeline that it is of, and is refused in the others', async () => {
  const { ask } = await open();
  const alone = await ask(new GetTimeline('e-1', first(1), undefined));
  const found = await ask(new FindTimelines(IDS, first(5, alone.items[0]?.cursor), undefined));
  expect(keys(found.get('e-1'))).toEqual(['e-1:pay:1']);
  expect(found.get('e-2')).toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'after' } });
});

test('a moment that one has not come to is refused there alone', async () => {
  const { ask } = await open();
  const asOf = { by: 'revision', revision: 1 } as const;
  const found = await ask(new FindTimelines(IDS, first(5), undefined, asOf));
  expect(keys(found.get('e-1'))).toEqual(['e-1:0', 'e-1:pay:1']);
  expect(found.get('e-2')).toMatchObject({ code: 'AS_OF_AHEAD' });
  expect(keys(found.get('e-3'))).toEqual([]);
});
