import { createCore, type Core, type CoreConfig } from '../../src/create-core.ts';
import { decorated } from '../../src/decorations.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { PACE, startProjector } from '../../src/projections/run-projections.ts';
import type { Stores } from '../../src/stores.ts';
import type { Gate } from './gate.ts';
import { simulatedIds } from './ids.ts';
import { linkedLog } from './linked-log.ts';
import { linkedReadModels } from './linked-read-models.ts';
import type { Link } from './network.ts';
import type { Caller } from './outside.ts';
import { CAPACITY } from './resources.ts';
import { processClock, type ProcessClock, type Skew } from './process-clock.ts';
import { shareStores } from './share-stores.ts';
import type { OwnedClock } from './virtual-clock.ts';
import type { World } from './world.ts';

/** What differs from node to node. */
export interface NodeOptions {
  readonly name: string;
  /** Numbers the processes of a node, from 1 (default 1). */
  readonly process?: number;
  /** Activities of later rollouts are not served. */
  readonly rollout: number;
  /** How its machine's clock goes (default: exactly). */
  readonly skew?: Skew;
}

/** What a process is: everything that it has of the world. */
export interface Process {
  readonly core: Core<CoreConfig>;
  readonly clock: ProcessClock;
  /** Everything that it has scheduled. */
  readonly owned: OwnedClock;
  /** What its activities have scheduled. */
  readonly calls: OwnedClock;
}

/** Puts a node together as the product does, on simulated stores, time and world. */
export const composeNode = (
  world: World,
  { name, process = 1, rollout, skew }: NodeOptions,
  link: Link,
  gate: Gate,
): Process => {
  const { planted, settings } = world;
  const { sharing } = settings;
  const random = world.random.fork(process === 1 ? name : `${name} ${process}`);
  const owned = world.clock.owned(name);
  const calls = world.clock.owned(`activities of ${name}`);
  const own = processClock(owned, gate, skew);
  const clock = decorated(own, planted.clock);
  const log = decorated(linkedLog(world.log, link, random.fork('log')), planted.log);
  const readModels = decorated(
    linkedReadModels(world.store, link, world.moments, name, settings.retains),
    planted.readModels,
  );
  const caller: Caller = {
    name,
    rollout,
    clock: processClock(calls, gate),
    get isLost() {
      return link.isCut;
    },
    lease: () => stores.ownership,
  };
  const activities = decorated(world.outside.servedBy(caller), planted.activities);
  const error = (fields: object, message: string) =>
    world.broken('nothing goes wrong unseen', { node: name, message, ...fields });
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, warn: silent, error };
  const fold = (views: typeof readModels, followed: boolean) =>
    startProjector({
      log,
      readModels: views,
      clock,
      projections: PROJECTIONS,
      pace: PACE,
      dense: settings.dense,
      batch: settings.batch,
      followed,
    });
  const ids = simulatedIds(clock, random.fork('ids'));
  const alone = (): Stores => {
    const projector = fold(readModels, false);
    return { log, readModels, projector, close: () => projector.stop() };
  };
  const shared = { name, log, readModels, clock, elapsed: own.elapsed, ids, logger, fold };
  const stores = sharing === undefined ? alone() : shareStores(sharing, planted, shared);
  const config = {
    node: name,
    workflows: undefined,
    maxPayload: settings.maxPayload,
    maxPending: 10_000,
    notifyTimeout: 10_000,
    ...CAPACITY,
  };
  const created = createCore({
    config,
    logger,
    clock,
    ids,
    activities,
    notifier: world.post.servedBy(caller),
    stores,
    archives: world.archives,
    idle: settings.idle,
  });
  const core = planted.core?.(created) ?? created;
  return { core, clock: own, owned, calls };
};
