import { round, STANDARD } from './figures.ts';
import { timed } from './measure.ts';
import { openEngine } from './open-engine.ts';
import { readViews, type Reads } from './read-views.ts';

/** Executions beside the rebuild at most, and as many without it: half of them before it and half behind it. */
const MOST = 4_000;
/** As many are run at a time. */
const CHUNK = 256;

/** What the engine does alone, and while all views are folded anew. */
export interface BesideEngine {
  /** Executions a second. */
  readonly alone: number;
  readonly duringRebuild: number;
  /** How many executions ran beside it, and how long the rebuild took in all. */
  readonly executions: number;
  readonly seconds: number;
  readonly differing: number;
  readonly reads: Reads;
}

/**
 * The standard work on stores in a folder that have so many executions, while others read them: alone, and while all views
 * are rebuilt as they are unless somebody says otherwise. A rebuild that is not over by then ends without the work: one
 * thread folds what is new and what is old, and work without end may bring more than that.
 */
export const rebuildBesideEngine = async (data: string, population: number): Promise<BesideEngine> => {
  const { core, runOne } = await openEngine(data);
  try {
    const { inFlight, warmUp } = STANDARD;
    let executions = 0;
    const perSecond = async (count: number): Promise<number> =>
      (count * 1_000) / (await timed(runOne, count, inFlight)).elapsed;
    await core.viewsCaughtUp();
    await perSecond(warmUp);
    const reading = readViews(core.readModels, core.projector, population, true);
    const before = await perSecond(MOST / 2);
    await core.viewsCaughtUp();

    const from = performance.now();
    let isOver = false;
    const rebuilding = core.projector.rebuildAll().finally(() => {
      isOver = true;
    });
    const isGoingOn = (): boolean => !isOver && executions < MOST;
    while (isGoingOn()) {
      await timed(runOne, CHUNK, inFlight);
      executions += CHUNK;
    }
    const ran = performance.now() - from;
    const outcomes = await rebuilding;
    const seconds = (performance.now() - from) / 1_000;
    const failed = outcomes.find(({ error }) => error !== null);
    if (failed !== undefined)
      throw new Error(`Expected ${failed.name} to be rebuilt, but: ${failed.error?.message}`);

    await core.viewsCaughtUp();
    const behind = await perSecond(MOST / 2);
    const reads = await reading.stop();
    return {
      alone: round((before + behind) / 2),
      duringRebuild: round((executions * 1_000) / ran),
      executions,
      seconds: round(seconds),
      differing: outcomes.reduce((sum, { rebuilt }) => sum + (rebuilt?.comparison?.differing ?? 0), 0),
      reads,
    };
  } finally {
    await core.close();
  }
};
