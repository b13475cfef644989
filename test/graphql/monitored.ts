import type { QueryBus } from '@nestjs/cqrs';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { SagalogEvent } from '../../src/domain/registry.ts';
import { MonitoringFeeds } from '../../src/graphql/feed/monitoring-feeds.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { createTallies } from '../../src/queries/as-of/tallies.ts';
import { createTallySnapshots } from '../../src/queries/as-of/tally-snapshots.ts';
import { GetMonitoringHandler } from '../../src/queries/monitoring.handler.ts';
import type { GetMonitoring } from '../../src/queries/queries.ts';
import { createViews } from '../../src/queries/views.ts';
import { appendAll, openStores } from '../projections/stores.ts';
import { handClock, type HandClock } from '../spec/clock.ts';
import { happened, sealAll, type Happened } from '../spec/given.ts';

/** Counters over real stores, watched at a time that is moved by hand. */
export interface Monitored {
  readonly clock: HandClock;
  readonly feeds: MonitoringFeeds;
  /** Queries that feeds have made so far. */
  readonly queries: number;
  /** What those were to reflect. */
  readonly waitedFor: readonly (bigint | undefined)[];
  /** Listeners that the projector has. */
  readonly listeners: number;
  /** Folds a projection anew. */
  rebuild(projection: string): Promise<unknown>;
  /** Resolves once these events, decided together now, are counted. */
  count(stream: string, ...events: readonly SagalogEvent[]): Promise<void>;
}

const listening = (projector: Projector): { readonly projector: Projector; readonly listeners: number } => {
  let listeners = 0;
  return {
    projector: {
      ...projector,
      onProgress: (listener) => {
        listeners += 1;
        const forget = projector.onProgress(listener);
        return () => {
          listeners -= 1;
          forget();
        };
      },
    },
    get listeners() {
      return listeners;
    },
  };
};

/** Opens stores, a projector and the feeds of their counters; they go with the test. */
export const monitored = async (): Promise<Monitored> => {
  const { log, readModels, close } = await openStores();
  const clock = handClock();
  const watched = listening(
    startProjector({ log, readModels, projections: PROJECTIONS, clock: systemClock() }),
  );
  const { projector } = watched;
  const collections = liveCollections(readModels, projector);
  const views = createViews(readModels, collections, () => Promise.resolve());
  const handler = new GetMonitoringHandler(
    views,
    clock,
    { mostAtOnce: () => undefined },
    createTallies(log, clock, createTallySnapshots(readModels)),
  );
  const waitedFor: (bigint | undefined)[] = [];
  const bus = {
    execute: (query: GetMonitoring) => {
      waitedFor.push(query.waitFor);
      return handler.execute(query);
    },
  };
  onTestFinished(async () => {
    collections.close();
    await projector.stop();
    await close();
  });

  const history: Happened[] = [];
  return {
    clock,
    feeds: new MonitoringFeeds(bus as unknown as QueryBus, projector, clock),
    get queries() {
      return waitedFor.length;
    },
    waitedFor,
    get listeners() {
      // One is the collections'.
      return watched.listeners - 1;
    },
    rebuild: projector.rebuild,
    count: async (stream, ...events) => {
      history.push(happened(stream, clock.now(), ...events));
      const position = await appendAll(log, sealAll(history).slice(-1));
      await projector.waitFor(position, ['active', 'outcomes', 'workflows'], 20_000);
    },
  };
};
