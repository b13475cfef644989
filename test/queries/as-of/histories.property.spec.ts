import { describe, expect, onTestFinished, test } from 'vitest';
import { openStores } from '../../projections/stores.ts';
import { readHistories, recordedEvents } from '../../replay/history.ts';
import { askHistory, DENSE, foldedFrom, momentsOf, NEVER } from './history-as-of.ts';

describe.each(readHistories())('the history "$name"', (history) => {
  test.each([
    ['folded from the start', NEVER],
    ['folded on from snapshots', DENSE],
  ])(
    'is at every position, revision and time what folding up to there makes of it: %s',
    async (_, spacing) => {
      const stores = await openStores();
      const asked = await askHistory(history, stores, spacing);
      onTestFinished(async () => {
        await asked.close();
        await stores.close();
      });
      const moments = momentsOf(history);
      // Of one that was removed nothing is shown, at no moment.
      const own = recordedEvents(history).filter(
        ({ stream }) => stream === `execution-${history.executionId}`,
      );
      const last = own.at(-1)?.type;
      const isRemoved = last === 'execution.removed' || last === 'execution.condensed';
      // Backwards first: snapshots that one has left must be right for those before and behind it.
      for (const { moment, events } of [...moments.toReversed(), ...moments])
        expect([moment, await asked.asOf(moment)]).toEqual([
          moment,
          isRemoved ? undefined : foldedFrom(events, history.executionId),
        ]);
    },
  );
});
