import { notifyActivity } from './activities/notify.activity.ts';
import { createAdmission, type Admission } from './commands/admission.ts';
import { createApiKeys, type ApiKeys } from './commands/api-keys.ts';
import { createAudit } from './commands/audit/audit.ts';
import { createReads, type Reads } from './commands/audit/reads.ts';
import { createRefusals, type Refusals } from './commands/audit/refusals.ts';
import { createDefinitions, type Definitions } from './commands/definitions.ts';
import { createEmissions, type Emissions } from './commands/emissions.ts';
import { createEnvelopes } from './commands/envelope.ts';
import { createKeyUses } from './commands/key-uses.ts';
import { createParking, type Parking } from './commands/parking.ts';
import { createSettledEvents } from './commands/settled-events.ts';
import { createSchedules, type Schedules } from './commands/schedules.ts';
import type { Config } from './config.ts';
import type { Capacity } from './domain/flow/resources.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { createDeliveries, type Deliveries } from './engine/notifications/deliveries.ts';
import { createGatherer } from './engine/gatherings/gatherer.ts';
import { createProvide } from './engine/provide.ts';
import { OWNS_ALL } from './engine/owned.ts';
import { feedRecorder, type Feeding } from './engine/recorders/feed-recorder.ts';
import { createRetainer, type Retainer } from './engine/retention/retainer.ts';
import { createScheduler } from './engine/schedules/scheduler.ts';
import type { KeyUses } from './ports/api-keys.ts';
import { ArchiveNotFound, type Archives } from './ports/archives.ts';
import type { Activities } from './ports/activities.ts';
import type { Recorder } from './ports/recorder.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';
import type { Logger } from './ports/logger.ts';
import type { Notifier } from './ports/notifier.ts';
import type { Secrets } from './ports/secrets.ts';
import { wait } from './ports/wait.ts';
import { liveCollections } from './projections/live-collections.ts';
import { checkLogEnd } from './check-log-end.ts';
import { catchUp, RECOVERY_VIEWS } from './catch-up.ts';
import { recoverGatherings } from './recover-gatherings.ts';
import { recoverNotifications } from './recover-notifications.ts';
import { paceStarts } from './pace-starts.ts';
import { persistently } from './persistently.ts';
import { retentionFloor } from './retention-floor.ts';
import { settleEmissions } from './settle-emissions.ts';
import { startWork, takeUp } from './start-work.ts';
import type { Stores } from './stores.ts';
import { withActivity } from './with-activity.ts';
import { takePartitions } from './take-partitions.ts';

const GRACE = 5_000;
const PATIENCE = 10_000;

/** What of the configuration a core goes by. */
export type CoreConfig = Pick<Config, 'node' | 'workflows' | 'maxPayload' | 'maxPending' | 'notifyTimeout'> &
  Partial<Pick<Config, 'retention' | 'viewsBehind'>>;

/** The world that a core works in: nothing else of it is asked for time, ids, or anything that lasts. */
export interface CoreParts<C extends CoreConfig = CoreConfig> {
  readonly config: C & Pick<Config, 'cpu' | 'memory'>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly activities: Activities;
  readonly notifier: Notifier;
  readonly stores: Stores;
  /** Where what is removed is archived; nothing that is to be is removed without it. */
  readonly archives?: Archives;
  /** What keys are made of; none can be made without it. */
  readonly secrets?: Secrets;
  /** Who is given every event. */
  readonly recorders?: readonly Recorder[];
  /** How many idle executions are kept in memory; the engine's default unless given. */
  readonly idle?: number;
}

/** The server without its front: what runs executions and folds what happened to them. */
export interface Core<C extends CoreConfig = Config>
  extends Stores, Omit<CoreParts<C>, 'stores' | 'idle' | 'recorders' | 'archives' | 'secrets'> {
  readonly definitions: Definitions;
  readonly emissions: Emissions;
  readonly schedules: Schedules;
  readonly parking: Parking;
  readonly retainer: Retainer;
  readonly apiKeys: ApiKeys;
  readonly keyUses: KeyUses;
  readonly reads: Reads;
  readonly refusals: Refusals;
  readonly admission: Admission;
  readonly engine: Engine;
  readonly deliveries: Deliveries;
  /** Whether `start` is through: events find what they start, and every active execution was taken up. */
  readonly started: boolean;
  /** Resolves when the views that recovery reads have reached the log's end of now. */
  viewsCaughtUp(): Promise<void>;
  /**
   * Waits for the views to reach the log's end, registers the folder of definitions, takes up what is active: from
   * the log when a view stays stopped.
   * Resolves early when it is closed meanwhile; rejects with `ViewsAhead` for a log that has lost its end.
   */
  start(): Promise<void>;
  /** Lets running calls end and events that are being accepted start what they start, then closes everything. */
  close(): Promise<void>;
}

const NO_ARCHIVES: Archives = {
  write: () => Promise.reject(new Error('Expected somewhere to keep archives, but there is none.')),
  // oxlint-disable-next-line require-yield -- There is nothing to be read.
  read: async function* (name) {
    throw new ArchiveNotFound(name);
  },
};

const NO_SECRETS: Secrets = {
  next: () => {
    throw new TypeError('Expected somewhere to take secrets from, but there is none.');
  },
};

/** Puts the engine on stores, which are the core's from now on; nothing runs before `start`. */
export const createCore = <C extends CoreConfig>({
  stores,
  idle,
  recorders = [],
  archives = NO_ARCHIVES,
  secrets = NO_SECRETS,
  ...world
}: CoreParts<C>): Core<C> => {
  const { config, logger, clock, ids, notifier } = world;
  const { ownership } = stores;
  const owned = ownership === undefined ? {} : { owned: ownership };
  const envelopes = createEnvelopes(config.node, ids, ownership && (() => ownership.boot));
  const collections = liveCollections(stores.readModels, stores.projector);
  const { node, cpu, memory, viewsBehind } = config;
  const pacing =
    viewsBehind === undefined ? {} : { pacing: paceStarts(stores.projector, clock, viewsBehind) };
  const capacity: Capacity = { node, cpu, memory };
  let started = false;
  let feedings: readonly Feeding[] = [];
  const ending = new AbortController();
  const over = new AbortController();
  const patience = { clock, logger, ending: ending.signal };
  const parts = { log: stores.log, world: { clock, ids }, envelopes, maxPayload: config.maxPayload };
  const activities = withActivity(
    world.activities,
    notifyActivity({
      directory: notifier.directory,
      usual: async (id) => (await executions.load(id))?.definition.notifications.usual ?? [],
      request: async (requests, id) =>
        deliveries.request(requests, (await executions.load(id))?.tenant ?? 'default'),
    }),
  );
  const definitions = createDefinitions({
    ...parts,
    over: over.signal,
    directory: notifier.directory ?? 'none',
    capacity,
    serves: (name, isolated = false) => {
      const activity = activities.find(name);
      if (activity === undefined) return !isolated && engine.workers.serves(name);
      return !isolated || activity.isolated !== undefined;
    },
    changed: (workflow) => scheduler.look(workflow),
  });
  const schedules = createSchedules({
    ...parts,
    over: over.signal,
    changed: (workflow) => scheduler.look(workflow),
  });
  const parking = createParking({ ...parts, over: over.signal });
  const shared = ownership !== undefined;
  const apiKeys = createApiKeys({ ...parts, secrets, shared, logger, over: over.signal });
  const settled = createSettledEvents(() => settling.moved());
  const gathered = (id: string, dueAt: number): void => gatherer.arm(id, dueAt);
  const emissions = createEmissions({ ...parts, over: over.signal, settled, gathered });
  const timeout = config.notifyTimeout;
  const deliveries = createDeliveries({ ...parts, ...owned, notifier, timeout, logger });
  const engine = createEngine({
    ...parts,
    activities,
    capacity,
    provide: createProvide(() => ({ ...parts, definitions, emissions, executions: engine.executions })),
    logger,
    definition: definitions.get,
    ...(idle === undefined ? {} : { idle }),
    ...pacing,
    ...owned,
    happened: ({ id, tenant }, revision, events) => deliveries.notice(id, revision, events, tenant),
  });

  const { executions } = engine;
  const settling = settleEmissions({ ...stores, definitions, executions, emissions, settled, patience });

  const gatherer = createGatherer({ ...world, ...owned, definitions, executions, emissions });
  const scheduler = createScheduler({
    ...parts,
    ...world,
    definitions,
    executions,
    schedules,
    ...(ownership === undefined ? {} : { owned: ownership }),
  });

  const retainer = createRetainer({
    ...parts,
    ...owned,
    ...(config.retention === undefined ? {} : { every: config.retention }),
    readModels: stores.readModels,
    collections,
    archives,
    definitions,
    logger,
    floor: retentionFloor(parts, stores.projector, recorders),
    over: over.signal,
  });

  const audit = createAudit({ ...parts, over: over.signal, logger });
  const reads = createReads(audit, definitions, clock);
  const refusals = createRefusals({ audit, clock, logger });

  const admission = createAdmission({
    limit: config.maxPending,
    busy: () => engine.running + executions.pending,
  });

  const viewsCaughtUp = async (): Promise<void> => {
    const end = await persistently(patience, () => stores.log.end());
    await persistently(patience, () => stores.projector.waitFor(end, RECOVERY_VIEWS, PATIENCE));
  };

  /** What is open of all else is found beside it: whoever waits for a run does not wait for that. */
  const recoverBeside = async (
    recover: (position: bigint) => Promise<void>,
    message: string,
  ): Promise<void> => {
    try {
      await recover(await persistently(patience, () => stores.log.end()));
    } catch (error) {
      if (!ending.signal.aborted) logger.error({ err: error }, message);
    }
  };

  return {
    ...stores,
    ...world,
    activities,
    viewsCaughtUp,
    definitions,
    emissions,
    schedules,
    parking,
    retainer,
    apiKeys,
    keyUses: createKeyUses(stores.readModels, clock, logger),
    reads,
    refusals,
    admission,
    engine,
    deliveries,
    get started() {
      return started;
    },
    start: async () => {
      try {
        // What others register is told of from here on, so nothing may be read before.
        await ownership?.joined;
        await persistently(patience, () => checkLogEnd(stores.log, stores.readModels));
        await persistently(patience, () => apiKeys.begin());
        const feeding = { ...parts, logger, owned: ownership ?? OWNS_ALL };
        if (!ending.signal.aborted) feedings = recorders.map((recorder) => feedRecorder(feeding, recorder));
        const isViewed = await catchUp(stores, patience);
        const settle = await settling.prepare();
        const folder = config.workflows;
        const work = {
          ...stores,
          definitions,
          engine,
          deliveries,
          gatherer,
          collections,
          logger,
          folder,
          isViewed,
          settle,
        };
        await persistently(patience, () => startWork(work));
        if (ownership === undefined) {
          const open = { ...work, patience };
          void recoverBeside(
            (end) => recoverNotifications(open, end),
            'The notifications that are open cannot be taken up.',
          );
          void recoverBeside((end) => recoverGatherings(open, end), 'What is gathered cannot be taken up.');
          await persistently(patience, () => takeUp(work));
        } else await takePartitions({ ...work, scheduler, ownership, patience });
        scheduler.begin();
        retainer.begin();
        started = true;
      } catch (error) {
        if (!ending.signal.aborted) throw error;
      }
    },
    close: async () => {
      ending.abort();
      ownership?.leave();
      definitions.close();
      deliveries.stop();
      const settles = Promise.all([
        emissions.close(),
        settling.stop(),
        scheduler.close(),
        gatherer.close(),
        retainer.close(),
      ]);
      await engine.drain(
        GRACE,
        settles.then(() => undefined),
      );
      await deliveries.drain(GRACE);
      await Promise.all(feedings.map((feeding) => feeding.close()));
      await ownership?.release();
      refusals.close();
      const recorded = audit.close();
      await Promise.race([recorded, wait(clock, GRACE, over.signal)]);
      over.abort();
      await recorded;
      await settling.close();
      collections.close();
      await stores.close();
    },
  };
};
