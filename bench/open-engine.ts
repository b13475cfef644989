import { defineActivity } from '../src/activities/define-activity.ts';
import type { Core } from '../src/create-core.ts';
import type { Decorations } from '../src/decorations.ts';
import { STEPS } from './figures.ts';
import { BENCH, standardSource } from './generate.ts';
import type { RunOne } from './measure.ts';
import { openBenchCore } from './open-core.ts';

const SOURCE = standardSource('bench', 'nothing');

const nothing = defineActivity({ name: 'nothing', run: () => undefined });

/** The events of an execution of the standard work. */
export const EVENTS = 2 * STEPS + 2;

/** Our engine on embedded stores in a folder, started, and what runs one execution of the standard work on it. */
export const openEngine = async (
  folder: string,
  decorations: Decorations = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly core: Core; readonly runOne: RunOne }> => {
  const activities = [{ activity: nothing, from: 'bench' }];
  const core = await openBenchCore(folder, { activities, decorations }, env);
  try {
    await core.start();
    await core.definitions.register(SOURCE, BENCH);
    const definition = await core.definitions.startable('bench');
    const runOne = async () => {
      const id = core.ids.next();
      const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
      await core.engine.executions.start(id, definition, command, BENCH);
      await core.engine.ended(id);
    };
    return { core, runOne };
  } catch (error) {
    await core.close();
    throw error;
  }
};
