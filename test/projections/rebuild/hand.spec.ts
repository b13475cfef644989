import { expect, it } from 'vitest';
import type { Portion } from '../../../src/projections/rebuild/crew.ts';
import { timeline } from '../../../src/projections/timeline.projection.ts';
import { happened, type Happened } from '../../spec/given.ts';
import { breakerTurned } from '../gate-samples.ts';
import { removed } from '../retention-samples.ts';
import { openRunner, type Runner } from '../runner.ts';
import * as s from '../samples.ts';
import { documentsOf } from '../stores.ts';
import { handOn } from './crew.ts';

const RAN: readonly Happened[] = ['a', 'b', 'c'].flatMap((id, n) => [
  happened(`execution-${id}`, n, s.started(), s.stepStarted('pay')),
  happened('breaker-pay', n, breakerTurned('opened', id, 1)),
  happened(`execution-${id}`, n + 1, s.stepCompleted('pay', n), s.completed(n, 3)),
]);
const HISTORY = [...RAN, happened('execution-a', 90, removed()), happened('execution-b', 91, removed())];

const PORTION: Portion = {
  projection: timeline.name,
  version: timeline.version,
  generation: 1,
  position: 0n,
  parked: [],
  findsRemoved: true,
};

/** Two of whom each folds the whole log, one after the other. */
const foldInTurn = async (runner: Runner, upTo: bigint, order: readonly number[]) => {
  for (const index of order)
    await handOn(runner, 2).fold({ after: 0n, upTo, shard: { index, of: 2 }, portions: [PORTION] });
};

it.each([[[0, 1]], [[1, 0]]])(
  'takes all that is told of its executions, whoever is behind: %j',
  async (order) => {
    const runner = await openRunner();
    const end = await runner.happen(HISTORY);
    await runner.readModels.prepare('timeline_1', []);
    await foldInTurn(runner, end, order);
    expect(await runner.documents('timeline_1')).toEqual(documentsOf(HISTORY)['timeline']);
  },
);

it('folds no further than it is told, and the same again without a change', async () => {
  const runner = await openRunner();
  const end = await runner.happen(HISTORY);
  await runner.readModels.prepare('timeline_1', []);
  const before = end - 2n;
  await foldInTurn(runner, before, [0, 1, 0]);
  expect(await runner.documents('timeline_1')).toEqual(documentsOf(RAN)['timeline']);
});

it('refuses a projection that there is not', async () => {
  const hand = handOn(await openRunner(), 2, []);
  const stretch = { after: 0n, upTo: 1n, shard: { index: 0, of: 1 }, portions: [PORTION] };
  await expect(hand.fold(stretch)).rejects.toThrow(
    'Expected one of the projections that there are, but found timeline 7.',
  );
});

it('asks for the indexes of removals before it removes anything', async () => {
  const runner = await openRunner();
  const upTo = await runner.happen(HISTORY);
  await runner.readModels.prepare('timeline_1', []);
  const portions = [{ ...PORTION, findsRemoved: false }];
  const stretch = { after: 0n, upTo, shard: { index: 0, of: 1 }, portions };
  await expect(handOn(runner, 2).fold(stretch)).rejects.toMatchObject({ code: 'REMOVALS_AHEAD' });
});
