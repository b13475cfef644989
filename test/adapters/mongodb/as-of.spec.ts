import { describe, expect, it, onTestFinished } from 'vitest';
import { askHistory, DENSE, foldedFrom, momentsOf } from '../../queries/as-of/history-as-of.ts';
import { readHistories } from '../../replay/history.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { openReadModels, startServer } from './support.ts';

const NAMES = ['completed', 'spared-by-a-breaker', 'waiting-in-a-branch'];

describe.each(readHistories().filter(({ name }) => NAMES.includes(name)))(
  'the history "$name", with views and snapshots in MongoDB',
  (history) => {
    it('is at every moment what folding up to there makes of it', async () => {
      const { url } = await startServer();
      const stores = { log: await temporaryLog(), readModels: await openReadModels(url, 10_000) };
      const asked = await askHistory(history, stores, DENSE);
      onTestFinished(() => asked.close());
      const moments = momentsOf(history);
      for (const { moment, events } of [...moments.toReversed(), ...moments])
        expect([moment, await asked.asOf(moment)]).toEqual([moment, foldedFrom(events, history.executionId)]);
    });
  },
);
