import { expect, it } from 'vitest';
import { LEASE, openCluster } from './cluster.ts';

it('hands the views to another when it does not want them, and takes them again when it does', async () => {
  const cluster = await openCluster();
  const a = cluster.start('a');
  await cluster.until(() => a.folds());
  const b = cluster.start('b');
  a.ownership.views.want(false);
  await cluster.until(() => b.folds());
  expect(a.folds()).toBe(false);
  b.ownership.views.want(false);
  await cluster.until(() => !b.folds());
  await cluster.pass(3 * LEASE);
  expect([a.folds(), b.folds()]).toEqual([false, false]);
  a.ownership.views.want(true);
  await cluster.until(() => a.folds());
});
