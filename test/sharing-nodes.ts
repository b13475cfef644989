import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteReadModels } from '../src/adapters/sqlite/read-models.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import { createActivities } from '../src/activities/registry.ts';
import { createEnvelopes } from '../src/commands/envelope.ts';
import { createCore, type Core, type CoreConfig } from '../src/create-core.ts';
import { startOwnership } from '../src/engine/ownership/ownership.ts';
import type { Ownership } from '../src/engine/ownership/types.ts';
import { LogUnavailable, type EventLog } from '../src/ports/event-log.ts';
import type { ReadModels } from '../src/ports/read-models.ts';
import { PROJECTIONS } from '../src/projections/catalogue.ts';
import { startProjector } from '../src/projections/run-projections.ts';
import { temporaryFolder } from './adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from './graphql/keeping-logger.ts';
import { SILENT_NOTIFIER } from './spec/silent-notifier.ts';

/** A node on a log that others use, too. */
export interface SharingNode {
  readonly core: Core<CoreConfig>;
  readonly readModels: ReadModels;
  readonly ownership: Ownership;
  /** Everything up to here has reached whoever follows the log for the node. */
  readonly heard: bigint;
  /** Reads of streams that begin so are away from now on; with none they go well again. */
  cutReads(prefix?: string): void;
  /** Reads of streams that begin so wait until the promise is settled. */
  holdReads(prefix: string, until: Promise<void>): void;
  /** Reads that were away. */
  readonly missed: number;
  /** Reads that were held. */
  readonly waited: number;
}

const LEASE = 5_000;

/** Puts a core on a log, with views of its own, until the test is finished. */
export const openSharingNode = async (shared: EventLog, name: string): Promise<SharingNode> => {
  let heard = 0n;
  let cut: string | undefined;
  let held: { readonly prefix: string; readonly until: Promise<void> } | undefined;
  let missed = 0;
  let waited = 0;
  const log: EventLog = {
    ...shared,
    read: async (stream, options) => {
      if (cut !== undefined && stream.startsWith(cut)) {
        missed += 1;
        throw new LogUnavailable('The log is away.');
      }
      if (held !== undefined && stream.startsWith(held.prefix)) {
        waited += 1;
        await held.until;
      }
      return shared.read(stream, options);
    },
    async *subscribe(options) {
      for await (const batch of shared.subscribe(options)) {
        yield batch;
        // Only whoever follows the partitions too is meant; views have subscriptions of their own.
        if (options.filter?.categories?.includes('partition') === true) heard = batch.position;
      }
    },
    close: () => Promise.resolve(),
  };
  const clock = systemClock();
  const ids = systemIds();
  const logger = keepingLogger();
  const readModels = await openSqliteReadModels({ path: join(temporaryFolder(), 'views.db') });
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock });
  const ownership = startOwnership({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes(name, ids),
    self: { node: name, boot: ids.next() },
    count: 4,
    lasts: LEASE,
    every: LEASE / 3,
    elapsed: () => performance.now(),
    folds: false,
    logger,
  });
  const core = createCore({
    config: {
      node: name,
      workflows: undefined,
      maxPayload: 524_288,
      maxPending: 10_000,
      notifyTimeout: 10_000,
      cpu: 64_000,
      memory: 65_536,
    },
    logger,
    clock,
    ids,
    activities: createActivities([]),
    notifier: SILENT_NOTIFIER,
    stores: {
      log,
      readModels,
      projector,
      ownership,
      close: async () => {
        await projector.stop();
        await ownership.close();
        await readModels.close();
      },
    },
  });
  onTestFinished(() => core.close());
  return {
    core,
    readModels,
    ownership,
    get heard() {
      return heard;
    },
    cutReads: (prefix) => (cut = prefix),
    holdReads: (prefix, until) => (held = { prefix, until }),
    get missed() {
      return missed;
    },
    get waited() {
      return waited;
    },
  };
};
