import { describe, expect, test } from 'vitest';
import { createHistories } from '../../../src/queries/as-of/histories.ts';
import type { Idle } from '../../../src/queries/as-of/idle.ts';
import { createSnapshots } from '../../../src/queries/as-of/snapshots.ts';
import { GetIdle } from '../../../src/queries/history-queries.ts';
import { GetIdleHandler } from '../../../src/queries/idle.handler.ts';
import {
  completed,
  paused,
  resumed,
  retryScheduled,
  signalAwaited,
  signalReceived,
  started,
  stepCompleted,
  stepStarted,
} from '../../projections/samples.ts';
import { happened } from '../../spec/given.ts';
import { openQueries } from '../queries.ts';
import { DENSE } from './history-as-of.ts';

const open = async () => {
  const queries = await openQueries();
  const idle = async (
    id: string,
    ...sequences: readonly number[]
  ): Promise<readonly (Idle | undefined)[]> => {
    const found = (await queries.ask(new GetIdle(new Map([[id, sequences]])))).get(id);
    return sequences.map((sequence) => found?.get(sequence));
  };
  return { ...queries, idle };
};

/** A call of a minute that is made again half a minute later, a pause, and a signal that comes after two minutes. */
const HISTORY = [
  happened('execution-e-1', 0, started(), stepStarted('pay')),
  happened('execution-e-1', 60_000, retryScheduled('pay', 60_000, 1, 90_000)),
  happened('execution-e-1', 90_000, stepStarted('pay', 2)),
  happened('execution-e-1', 90_500, stepCompleted('pay', 500, 2), stepStarted('rest'), signalAwaited('rest')),
  happened('execution-e-1', 100_000, paused()),
  happened('execution-e-1', 103_000, resumed(100_000, 3_000)),
  happened('execution-e-1', 220_500, signalReceived('rest'), stepCompleted('rest', 130_000)),
  happened('execution-e-1', 220_900, stepStarted('ship')),
  happened('execution-e-1', 300_000, stepCompleted('ship', 79_100), completed(0, 300_000)),
];

describe('idle time before an entry of a timeline', () => {
  test('is what has passed since the entry before, without that in which an attempt was under way', async () => {
    const { happen, idle, log } = await open();
    await happen(...HISTORY);
    const events = await log.read('execution-e-1');
    const places = events.flatMap(({ type, revision }) =>
      ['execution.started', 'step.started', 'execution.paused', 'signal.received'].includes(type)
        ? [revision]
        : [],
    );
    expect(await idle('e-1', ...places)).toEqual([
      undefined,
      undefined,
      { duration: 30_000, waiting: 'timer' },
      undefined,
      { duration: 9_500, waiting: 'signal' },
      { duration: 120_500, waiting: 'signal' },
      undefined,
    ]);
  });

  test('is the same whatever is asked for together, and wherever snapshots are', async () => {
    const { happen, idle, log, readModels, views, clock } = await open();
    await happen(...HISTORY);
    const all = Array.from({ length: 14 }, (_, revision) => revision);
    const together = await idle('e-1', ...all);
    const dense = createHistories(log, clock, createSnapshots(readModels), DENSE);
    await dense.pastOf('e-1', 13);
    const handler = new GetIdleHandler(views, dense);
    for (const revision of all) {
      const [alone] = await idle('e-1', revision);
      expect([revision, alone]).toEqual([revision, together[revision]]);
      const onSnapshots = (await handler.execute(new GetIdle(new Map([['e-1', [revision]]])))).get('e-1');
      expect([revision, onSnapshots?.get(revision)]).toEqual([revision, together[revision]]);
    }
  });

  test('is not told of when it is less than a second', async () => {
    const { happen, idle } = await open();
    await happen(
      happened('execution-e-2', 0, started(), stepStarted('rest'), signalAwaited('rest')),
      happened('execution-e-2', 999, signalReceived('rest')),
    );
    expect(await idle('e-2', 3)).toEqual([undefined]);
  });
});
