import { join } from 'node:path';
import { round } from './figures.ts';
import { measure } from './measure.ts';
import { EVENTS, openEngine } from './open-engine.ts';
import type { Run } from './peers.ts';

/** Our engine on the embedded stores, with its hash chain and live projections, as `npm start` runs it. */
export const runEngine: Run = async ({ work, folder }) => {
  const { core, runOne } = await openEngine(join(folder, 'sagalog'));
  try {
    const from = await core.log.end();
    const figures = await measure(runOne, work);
    const ran = work.executions + work.alone + work.warmUp + Math.ceil(work.warmUp / 10);
    const events = Number((await core.log.end()) - from);
    if (events !== ran * EVENTS) throw new Error(`Expected ${ran * EVENTS} events, but found ${events}.`);
    const lagFrom = performance.now();
    await core.viewsCaughtUp();
    return {
      name: 'sagalog',
      ...figures,
      eventsPerSecond: round(figures.executionsPerSecond * EVENTS),
      memory: process.memoryUsage().rss / 1_048_576,
      viewsBehind: round(performance.now() - lagFrom),
    };
  } finally {
    await core.close();
  }
};
