import { join } from 'node:path';
import { defineActivity } from '../src/activities/define-activity.ts';
import { STEPS, round } from './figures.ts';
import { BENCH } from './generate.ts';
import { measure } from './measure.ts';
import { openBenchCore } from './open-core.ts';
import type { Run } from './peers.ts';

const SOURCE = `execution:
  workflow: bench
  activities:
${Array.from({ length: STEPS }, (_, step) => `    - name: step_${step + 1}\n      activity: nothing\n`).join('')}`;

const nothing = defineActivity({ name: 'nothing', run: () => undefined });

/** Our engine on the embedded stores, with its hash chain and live projections, as `npm start` runs it. */
export const runEngine: Run = async ({ work, folder }) => {
  const activities = [{ activity: nothing, from: 'bench' }];
  const core = await openBenchCore(join(folder, 'sagalog'), { activities });
  try {
    await core.start();
    await core.definitions.register(SOURCE, BENCH);
    const definition = await core.definitions.startable('bench');
    const from = await core.log.end();
    const runOne = async () => {
      const id = core.ids.next();
      const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
      await core.engine.executions.start(id, definition, command, BENCH);
      await core.engine.ended(id);
    };
    const figures = await measure(runOne, work);
    const ran = work.executions + work.alone + work.warmUp + Math.ceil(work.warmUp / 10);
    const events = Number((await core.log.end()) - from);
    if (events !== ran * (2 * STEPS + 2))
      throw new Error(`Expected ${ran * (2 * STEPS + 2)} events, but found ${events}.`);
    const lagFrom = performance.now();
    await core.viewsCaughtUp();
    return {
      name: 'sagalog',
      ...figures,
      eventsPerSecond: round(figures.executionsPerSecond * (2 * STEPS + 2)),
      memory: process.memoryUsage().rss / 1_048_576,
      viewsBehind: round(performance.now() - lagFrom),
    };
  } finally {
    await core.close();
  }
};
