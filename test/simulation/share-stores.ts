import { createEnvelopes } from '../../src/commands/envelope.ts';
import { startOwnership } from '../../src/engine/ownership/ownership.ts';
import type { OwnershipOptions } from '../../src/engine/ownership/types.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { Ids } from '../../src/ports/ids.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { shareProjector } from '../../src/projections/shared-projector.ts';
import type { Stores } from '../../src/stores.ts';
import type { Planted, Sharing } from './world.ts';

/** What a node shares its log and its views with others by. */
export interface SharedParts {
  readonly name: string;
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly fold: (views: ReadModels, followed: boolean) => Projector;
}

const RENEWALS = 3;

/** Stores that are shared with other nodes, put together as the product does. */
export const shareStores = (
  { partitions, lease }: Sharing,
  planted: Planted,
  { name, log, readModels, clock, elapsed, ids, logger, fold }: SharedParts,
): Stores => {
  const options: OwnershipOptions = {
    log,
    world: { clock, ids },
    envelopes: createEnvelopes(name, ids),
    self: { node: name, boot: ids.next() },
    count: partitions,
    lasts: lease,
    every: lease / RENEWALS,
    elapsed,
    folds: true,
    logger,
  };
  const joined = startOwnership(planted.joining?.(options) ?? options);
  const ownership = planted.ownership?.(joined) ?? joined;
  const projector = shareProjector({
    log,
    readModels,
    clock,
    lease: ownership.views,
    projections: PROJECTIONS,
    fold: (views) => fold(views, true),
  });
  return {
    log,
    readModels,
    projector,
    ownership,
    close: async () => {
      await projector.stop();
      await ownership.close();
    },
  };
};
