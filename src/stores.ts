import { openSqliteLog, type SqliteLog } from './adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from './adapters/sqlite/read-models.ts';
import { checkLogEnd } from './check-log-end.ts';
import { createEnvelopes } from './commands/envelope.ts';
import type { Config } from './config.ts';
import { decorated, type Decorations } from './decorations.ts';
import { startOwnership } from './engine/ownership/ownership.ts';
import type { Ownership } from './engine/ownership/types.ts';
import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Ids } from './ports/ids.ts';
import type { Logger } from './ports/logger.ts';
import { ReadModelsUnavailable, type ReadModels } from './ports/read-models.ts';
import type { Threads } from './ports/threads.ts';
import { PROJECTIONS } from './projections/catalogue.ts';
import type { Projector } from './projections/projector.ts';
import { PACE, startProjector } from './projections/run-projections.ts';
import { shareProjector } from './projections/shared-projector.ts';
import { startProjectorThread } from './projector-thread.ts';
import { createThreads } from './threads.ts';
import { viewsFile } from './views-file.ts';
import { watchProjector } from './watch-projector.ts';

/** Where the server keeps what it knows: the log, the views folded from it, and what folds them. */
export interface Stores {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly projector: Projector;
  /** This node among those that share the log; `undefined` when it has the log for itself. */
  readonly ownership?: Ownership | undefined;
  /** The threads that they have beside this one; none unless given. */
  readonly threads?: Pick<Threads, 'list'>;
  /** Finishes what is under way and lets go of files, threads and connections. */
  close(): Promise<void>;
}

/** What stores are opened with. */
export interface StoresOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly decorations: Decorations;
}

const openLogFile = (path: string, { clock, logger }: StoresOptions, threads: Threads): Promise<SqliteLog> =>
  openSqliteLog({
    path,
    onState: (failure) => {
      if (failure === undefined) logger.info({ store: 'event log' }, 'The log can be written again.');
      else logger.error({ store: 'event log', err: failure }, 'The log cannot be written; trying again.');
    },
    writer: { clock, ...threads.watch('log_writer') },
  });

// The clients of servers are loaded by those that use them: that would be a seventh of an embedded server's start.
const openLogServer = async (url: string, logger: Logger): Promise<EventLog> => {
  const { openEventStoreLog } = await import('./adapters/eventstoredb/open-event-store-log.ts');
  return openEventStoreLog({
    url,
    onState: (state) => {
      if (state.status === 'available') logger.info({ store: 'event log' }, 'EventStoreDB answers.');
      else
        logger.warn({ store: 'event log', err: state.error }, 'EventStoreDB does not answer; trying again.');
    },
  });
};

const openViewServer = async (url: string): Promise<ReadModels> => {
  const { openMongoReadModels } = await import('./adapters/mongodb/read-models.ts');
  return openMongoReadModels({ url });
};

/** Leases are renewed so often while they last. */
const RENEWALS = 3;

const joinNodes = ({ config, clock, ids, logger }: StoresOptions, log: EventLog): Ownership =>
  startOwnership({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes(config.node, ids),
    self: { node: config.node, boot: ids.next() },
    count: config.partitions,
    lasts: config.lease,
    every: config.lease / RENEWALS,
    elapsed: () => performance.now(),
    folds: config.mongoUrl !== undefined,
    logger,
  });

/**
 * Opens the stores that the configuration names. With both embedded, views are folded in a thread of their own;
 * otherwise here, where waiting for a server costs nothing.
 */
export const openStores = async (options: StoresOptions): Promise<Stores> => {
  const { config, clock, logger, decorations } = options;
  const { data, eventStoreUrl, mongoUrl } = config;
  const opened = new AsyncDisposableStack();
  try {
    const threads = createThreads(logger);
    const embedded = eventStoreUrl === undefined ? await openLogFile(data, options, threads) : undefined;
    const log = opened.adopt(embedded ?? (await openLogServer(eventStoreUrl ?? '', logger)), (log) =>
      log.close(),
    );
    const isThreaded =
      embedded !== undefined && mongoUrl === undefined && decorations.readModels === undefined;
    const stored = opened.adopt(
      mongoUrl === undefined
        ? await openSqliteReadModels({ path: viewsFile(data), copies: isThreaded ? 'elsewhere' : 'here' })
        : await openViewServer(mongoUrl),
      (readModels) => readModels.close(),
    );
    if (embedded !== undefined) {
      await checkLogEnd(log, stored).catch(async (error: unknown) => {
        // Views that are away are waited for at the start.
        if (error instanceof ReadModelsUnavailable) return;
        await embedded.leave();
        throw error;
      });
    }
    const readModels = decorated(stored, decorations.readModels);
    const appended = decorated(log, decorations.log);
    const ownership = embedded === undefined ? joinNodes(options, appended) : undefined;
    if (ownership !== undefined) opened.defer(() => ownership.close());
    const fold = (views: ReadModels, followed: boolean): Projector =>
      startProjector({
        log,
        readModels: views,
        projections: PROJECTIONS,
        clock,
        pace: PACE,
        dense: embedded !== undefined,
        followed,
      });
    const startHere = (): Projector =>
      ownership === undefined || mongoUrl === undefined
        ? fold(readModels, false)
        : shareProjector({
            log,
            readModels,
            clock,
            lease: ownership.views,
            projections: PROJECTIONS,
            fold: (views) => fold(views, true),
          });
    const projector = isThreaded
      ? await startProjectorThread({ data, wake: embedded.wake }, { clock, threads })
      : startHere();
    opened.defer(() => projector.stop());
    opened.defer(watchProjector(projector, logger));
    return {
      log: appended,
      readModels,
      projector,
      ownership,
      threads,
      close: () => opened.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
};
