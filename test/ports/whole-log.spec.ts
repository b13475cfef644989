import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { isCondensed } from '../../src/domain/truncation/condensed.ts';
import { START } from '../../src/ports/event-log.ts';
import { subscribeWhole } from '../../src/ports/whole-log.ts';
import { simulatedLog } from '../simulation/simulated-log.ts';
import { openStores } from '../projections/stores.ts';
import { randomHistory } from '../projections/random-history.ts';
import { sealAll } from '../spec/given.ts';
import { condensing, eventsOf, places, streamsOf, truncate, wholeOf } from './condensing.ts';

const stores = {
  embedded: openStores,
  // Which still brings what was given up, as a server does until its next scavenge.
  simulated: async () => {
    const log = simulatedLog({ step: () => 3 });
    return { log, close: () => log.close() };
  },
} as const;

describe.each(['embedded', 'simulated'] as const)('a log that is %s, read as a whole', (store) => {
  it('has every event once, where it stood, wherever reading begins and however it was truncated', async () => {
    const how = fc.record({
      first: fc.array(fc.nat(9), { maxLength: 4 }),
      second: fc.array(fc.nat(9), { maxLength: 4 }),
      isTruncated: fc.boolean(),
      page: fc.integer({ min: 1, max: 9 }),
      batch: fc.integer({ min: 1, max: 40 }),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        randomHistory,
        how,
        async (history, { first, second, isTruncated, page, batch, from }) => {
          const { log, close } = await stores[store]();
          try {
            await Promise.all(sealAll(history).map((commit) => log.append(commit)));
            const before = eventsOf(await wholeOf(log));
            const all = streamsOf(before);
            const named = (picks: readonly number[]) => [
              ...new Set(picks.map((pick) => all[pick % all.length] ?? '')),
            ];
            const one = named(first);
            const other = named(second).filter((stream) => !one.includes(stream));
            const choose = condensing(log);
            await choose(before, one, page);
            if (isTruncated) await truncate(log, before, one);
            await choose(before, other, page);
            const after = before[Math.floor(from * before.length)]?.position ?? START;
            const batches = await wholeOf(log, after, batch);
            const end = before.at(-1)?.position ?? START;
            const found = eventsOf(batches).filter(({ position }) => position <= end);
            expect(places(found)).toEqual(places(before.filter(({ position }) => position > after)));
            const positions = [after, ...batches.map(({ position }) => position)];
            expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
            for (const { events, position, inBrief } of batches) {
              expect(events.every((event) => event.position <= position)).toBe(true);
              expect(inBrief === true).toBe(events.some(isCondensed));
            }
          } finally {
            await close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('has what is given up while it is read', async () => {
    const { log, close } = await stores[store]();
    const [history] = fc.sample(
      randomHistory.filter((some) => some.length > 20),
      1,
    );
    await Promise.all(sealAll(history ?? []).map((commit) => log.append(commit)));
    const before = eventsOf(await wholeOf(log));
    const end = before.at(-1)?.position ?? START;
    const { signal } = new AbortController();
    const found: RecordedEvent[] = [];
    let isTruncated = false;
    for await (const { events, position } of subscribeWhole(log, { after: START, batch: 2, signal })) {
      found.push(...events.filter((event) => event.position <= end));
      if (position >= end) break;
      if (isTruncated) continue;
      isTruncated = true;
      await condensing(log)(before, streamsOf(before), 3);
      await truncate(log, before, streamsOf(before));
    }
    expect(places(found)).toEqual(places(before));
    expect(found.some(isCondensed)).toBe(true);
    await close();
  });

  it('has of what was given up what a filter wants', async () => {
    const { log, close } = await stores[store]();
    const [history] = fc.sample(
      randomHistory.filter((some) => some.length > 20),
      1,
    );
    await Promise.all(sealAll(history ?? []).map((commit) => log.append(commit)));
    const before = eventsOf(await wholeOf(log));
    await condensing(log)(before, streamsOf(before), 5);
    await truncate(log, before, streamsOf(before));
    const types = ['execution.started', 'step.started'];
    const found = eventsOf(await wholeOf(log, START, 7, { types }));
    expect(places(found)).toEqual(places(before.filter(({ type }) => types.includes(type))));
    await close();
  });
});
