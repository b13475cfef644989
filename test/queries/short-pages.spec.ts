import { expect, it, onTestFinished } from 'vitest';
import { connectionFrom } from '../../src/graphql/models/connection.ts';
import { termsOf } from '../../src/projections/search-terms.ts';
import { FindExecutionsHandler } from '../../src/queries/executions.handler.ts';
import { byStart } from '../../src/queries/executions/order.ts';
import { FindExecutions } from '../../src/queries/executions/queries.ts';
import { explained } from '../adapters/sqlite/explained.ts';
import { newDocuments } from '../conformance/read-models-samples.ts';
import { openStores } from '../projections/stores.ts';

const MANY = 3_000;
const WANTED = 10;

/** Half of many executions has one of two tags, the other half the other trigger; the first of all has both. */
const openHalves = async () => {
  const { views, readModels, close } = await explained();
  onTestFinished(close);
  const { log, close: closeLog } = await openStores();
  onTestFinished(closeLog);
  const docs = Array.from({ length: MANY }, (_, n) => {
    const isOdd = n % 2 === 1;
    const doc = {
      workflow: 'ship',
      status: 'completed',
      tenant: 'default',
      trigger: isOdd ? 'order:placed' : 'manual',
      startedAt: n,
      stream: `execution-e${n}`,
      terms: isOdd || n === 0 ? termsOf({}, ['vip']) : [],
    };
    return [`e${String(n).padStart(5, '0')}`, doc] as const;
  });
  await readModels.write('executions_1', newDocuments(Object.fromEntries(docs)));
  return new FindExecutionsHandler(views, log);
};

it('are told by fewer items than were wanted and a next page, and lead on to all that there is', async () => {
  const handler = await openHalves();
  const pages: { readonly ids: readonly string[]; readonly hasNextPage: boolean }[] = [];
  let after: string | undefined;
  for (;;) {
    const filter = { trigger: 'manual', tags: ['vip'] };
    const query = new FindExecutions(filter, byStart('desc'), { first: WANTED, after }, undefined);
    const { nodes, pageInfo } = connectionFrom(
      await handler.execute(query),
      { after: after ?? null },
      ({ key }): string => key,
    );
    pages.push({ ids: nodes, hasNextPage: pageInfo.hasNextPage });
    if (!pageInfo.hasNextPage) break;
    expect(pageInfo.endCursor).not.toBeNull();
    after = pageInfo.endCursor ?? undefined;
  }
  expect(pages).toEqual([
    { ids: [], hasNextPage: true },
    { ids: ['e00000'], hasNextPage: false },
  ]);
});
