import { expect, test } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { eachLoaders, wantedBy, type Wanted } from '../../src/graphql/each-loader.ts';

const contextOf = (tenant: string) => ({ scope: { tenant, within: undefined } }) as GraphqlContext;

/** Loaders of what is told back, and what they ask for. */
const told = () => {
  const asked: [ids: readonly string[], wanted: Wanted, tenant: string][] = [];
  const loaderOf = eachLoaders(async (ids, wanted, { scope }) => {
    asked.push([ids, wanted, scope.tenant]);
    return new Map(
      ids.map((id) => [
        id,
        id === 'bad' ? new Rejection('BAD_USER_INPUT', 'Not this one.') : `${id} ${wanted.page.first}`,
      ]),
    );
  });
  return { asked, loaderOf };
};

const two = wantedBy({ first: 2 });
const three = wantedBy({ first: 3, after: 'x', waitFor: 7n });

test('the same page of many is asked for once, another page by itself', async () => {
  const { asked, loaderOf } = told();
  const loader = loaderOf(contextOf('default'));
  const answers = await Promise.all([
    loader.load({ id: 'a', wanted: two }),
    loader.load({ id: 'a', wanted: three }),
    loader.load({ id: 'b', wanted: two }),
    loader.load({ id: 'b', wanted: { ...three, waitFor: 8n } }),
    loader.load({ id: 'a', wanted: wantedBy({ first: 2, after: null, waitFor: null }) }),
  ]);
  expect(answers).toEqual(['a 2', 'a 3', 'b 2', 'b 3', 'a 2']);
  expect(asked).toEqual([
    [['a', 'b', 'a'], { page: { first: 2, after: undefined }, waitFor: undefined }, 'default'],
    [['a'], { page: { first: 3, after: 'x' }, waitFor: 7n }, 'default'],
    [['b'], { page: { first: 3, after: 'x' }, waitFor: 8n }, 'default'],
  ]);
});

test('the same page as of another moment is asked for by itself', async () => {
  const { asked, loaderOf } = told();
  const loader = loaderOf(contextOf('default'));
  const moments = [
    undefined,
    { by: 'position', position: 7n },
    { by: 'position', position: 8n },
    { by: 'at', at: 7 },
    { by: 'position', position: 7n },
  ] as const;
  await Promise.all(moments.map((asOf, n) => loader.load({ id: `e-${n}`, wanted: { ...two, asOf } })));
  expect(asked.map(([ids, { asOf }]) => [ids, asOf])).toEqual([
    [['e-0'], undefined],
    [['e-1', 'e-4'], { by: 'position', position: 7n }],
    [['e-2'], { by: 'position', position: 8n }],
    [['e-3'], { by: 'at', at: 7 }],
  ]);
});

test('operations ask by themselves, each within its own scope, and again for what was asked for before', async () => {
  const { asked, loaderOf } = told();
  const [ours, theirs] = [contextOf('ours'), contextOf('theirs')];
  await Promise.all([ours, theirs].map((context) => loaderOf(context).load({ id: 'a', wanted: two })));
  await loaderOf(ours).load({ id: 'a', wanted: two });
  expect(asked.map(([, , tenant]) => tenant)).toEqual(['ours', 'theirs', 'ours']);
});

test('one that is refused keeps no other from its answer', async () => {
  const { loaderOf } = told();
  const loader = loaderOf(contextOf('default'));
  const answers = await Promise.allSettled(['bad', 'good'].map((id) => loader.load({ id, wanted: two })));
  expect(answers).toMatchObject([
    { status: 'rejected', reason: { code: 'BAD_USER_INPUT' } },
    { status: 'fulfilled', value: 'good 2' },
  ]);
});
