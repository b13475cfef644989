import { createActivities, type FoundActivity } from './activities/registry.ts';
import { builtInActivities } from './activities/built-in.ts';
import { loadActivities } from './activities/load-activities.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemIds } from './adapters/system/ids.ts';
import { createDefinitions, type Definitions } from './commands/definitions.ts';
import { createEmissions, type Emissions } from './commands/emissions.ts';
import { createEnvelopes } from './commands/envelope.ts';
import type { Config } from './config.ts';
import { decorated, type Decorations } from './decorations.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Activities } from './ports/activities.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';
import type { Logger } from './ports/logger.ts';
import { liveCollections } from './projections/live-collections.ts';
import { persistently } from './persistently.ts';
import { openStores, type Stores } from './stores.ts';
import { startWork } from './start-work.ts';

const GRACE = 5_000;
const PATIENCE = 10_000;

/** The server without its front: what runs executions and folds what happened to them. */
export interface Core extends Stores {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly activities: Activities;
  readonly definitions: Definitions;
  readonly emissions: Emissions;
  readonly engine: Engine;
  /** Whether `start` is through: events find what they start, and every active execution was taken up. */
  readonly started: boolean;
  /** Resolves when the views that recovery reads have reached the log's end of now. */
  viewsCaughtUp(): Promise<void>;
  /**
   * Waits for the views to reach the log's end, registers the folder of definitions, takes up what is active.
   * Resolves early when it is closed meanwhile.
   */
  start(): Promise<void>;
  /** Lets running calls end, then closes everything. */
  close(): Promise<void>;
}

/** What a core is made of. */
export interface CoreOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly decorations?: Decorations;
  /** Activities besides those built in and those of the configured folder. */
  readonly activities?: readonly FoundActivity[];
}

/** Opens the stores and puts the engine on them; nothing runs before `start`. Rejects when a store or an activity refuses. */
export const openCore = async ({
  config,
  logger,
  decorations = {},
  ...options
}: CoreOptions): Promise<Core> => {
  const clock = decorated(systemClock(), decorations.clock);
  const ids = systemIds();
  const found = config.activities === undefined ? [] : await loadActivities(config.activities);
  const more = options.activities ?? [];
  const served = createActivities([...builtInActivities(process.env), ...found, ...more]);
  const activities = decorated(served, decorations.activities);
  const stores = await openStores({ config, clock, logger, decorations });
  const world = { clock, ids };
  const envelopes = createEnvelopes(config.node, ids);
  const collections = liveCollections(stores.readModels, stores.projector);
  let started = false;
  let closing = false;
  let stopped = false;
  const patience = { clock, logger, stopped: () => closing };
  const parts = { log: stores.log, world, envelopes, maxPayload: config.maxPayload };
  const definitions = createDefinitions({
    ...parts,
    stopped: () => stopped,
    serves: (activity) => activities.find(activity) !== undefined,
  });
  const emissions = createEmissions({ ...parts, stopped: () => stopped });
  const engine = createEngine({ ...parts, activities, logger, definition: definitions.get });

  const viewsCaughtUp = async (): Promise<void> => {
    const end = await persistently(patience, () => stores.log.end());
    await persistently(patience, () => stores.projector.waitFor(end, ['executions', 'workflows'], PATIENCE));
  };

  return {
    ...stores,
    viewsCaughtUp,
    config,
    logger,
    clock,
    ids,
    activities,
    definitions,
    emissions,
    engine,
    get started() {
      return started;
    },
    start: async () => {
      try {
        await viewsCaughtUp();
        const work = { ...stores, definitions, engine, collections, logger, folder: config.workflows };
        await persistently(patience, () => startWork(work));
        started = true;
      } catch (error) {
        if (!closing) throw error;
      }
    },
    close: async () => {
      closing = true;
      await engine.drain(GRACE);
      stopped = true;
      collections.close();
      await stores.close();
    },
  };
};
