import { expect, it } from 'vitest';
import { generate, type Population } from '../../bench/generate.ts';
import { defineActivity } from '../../src/activities/define-activity.ts';
import { readConfig } from '../../src/config.ts';
import { openCore } from '../../src/core.ts';
import type { Decorations } from '../../src/decorations.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';

const endless = defineActivity({ name: 'endless', run: () => new Promise<never>(() => undefined) });

/** What a start asks of the stores, in calls and in what they answer. */
const counting = () => {
  const counts = { streams: 0, events: 0, finds: 0, documents: 0, told: 0, subscribed: 0 };
  const decorations: Decorations = {
    log: (log) => ({
      ...log,
      read: async (stream, options) => {
        const events = await log.read(stream, options);
        counts.streams += 1;
        counts.events += events.length;
        return events;
      },
      subscribe: (options) => {
        counts.subscribed += 1;
        return log.subscribe(options);
      },
    }),
    readModels: (readModels) => ({
      ...readModels,
      find: async (collection, query) => {
        const found = await readModels.find(collection, query);
        if (/^(?:notices|notifications)_/.test(collection)) counts.told += 1;
        else counts.finds += 1;
        counts.documents += found.length;
        return found;
      },
    }),
  };
  return { counts, decorations };
};

/** What the start of a server costs on so many executions. */
const costOf = async (population: Population) => {
  const data = temporaryFolder();
  await generate(data, population);
  const { counts, decorations } = counting();
  const core = await openCore({
    config: readConfig({ SAGALOG_DATA: data }),
    logger: keepingLogger(),
    decorations,
    activities: [{ activity: endless, from: 'the spec' }],
  });
  try {
    await core.start();
    // Nobody who waits for a start waits for what is to be told.
    await expect.poll(() => counts.told).toBe(2);
    return counts;
  } finally {
    await core.close();
  }
};

const LATER = Date.UTC(2100, 0, 1);
const waiting = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => LATER + n);

// Two workflows, each a page and what is behind it.
const OF_WORKFLOWS = 4;
// Who has which key.
const OF_KEYS = 1;
// What waits for other events, of which there is nothing.
const OF_GATHERINGS = 1;

it('reads what is active, however much has ended', async () => {
  const active = { running: 7, waiting: waiting(11) };
  const few = await costOf({ ...active, finished: 5 });
  expect(few).toEqual({
    streams: OF_WORKFLOWS + OF_KEYS + 7,
    events: 2 + 7 * 2,
    finds: 2 + OF_GATHERINGS,
    documents: 2 + 18,
    // Of which not all was asked for, and what is pending.
    told: 2,
    // What was accepted and not started, since that was last known to be nothing.
    subscribed: 1,
  });
  expect(await costOf({ ...active, finished: 2_000 })).toEqual(few);
});

it('reads no streams for what only waits, however much that is', async () => {
  const { streams, documents, finds } = await costOf({ waiting: waiting(1_200) });
  expect({ streams, documents, finds }).toEqual({
    streams: OF_WORKFLOWS + OF_KEYS,
    documents: 2 + 1_200,
    finds: 1 + 3 + OF_GATHERINGS,
  });
});
