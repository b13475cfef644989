import { Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { CqrsModule, QueryBus } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import type { Reads } from '../commands/audit/reads.ts';
import type { Refusals } from '../commands/audit/refusals.ts';
import type { Authenticator } from '../ports/authenticator.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ids } from '../ports/ids.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReadModels } from '../ports/read-models.ts';
import {
  AUTHENTICATOR,
  CLOCK,
  EVENT_LOG,
  HISTORIES,
  IDS,
  LOGGER,
  METRICS,
  PROJECTOR,
  READ_MODELS,
  READS,
  REFUSALS,
  TALLIES,
  VIEWS,
} from '../ports/tokens.ts';
import { liveCollections, type LiveCollections } from '../projections/live-collections.ts';
import type { Projector } from '../projections/projector.ts';
import { createHistories } from '../queries/as-of/histories.ts';
import { createSnapshots } from '../queries/as-of/snapshots.ts';
import { createTallies } from '../queries/as-of/tallies.ts';
import { createTallySnapshots } from '../queries/as-of/tally-snapshots.ts';
import { QUERY_HANDLERS } from '../queries/handlers.ts';
import { REBUILD_HANDLERS } from '../projections/rebuild/handlers.ts';
import { createViews } from '../queries/views.ts';
import { entranceOf } from './access/entrance.ts';
import { createContextOf } from './context.ts';
import { LIMITS } from './driver/limits.ts';
import { YogaDriver, type YogaDriverConfig } from './driver/yoga.driver.ts';
import { createErrorMapper } from './errors/error-mapper.ts';
import { EXPLORER } from './explorer.ts';
import { EventFeeds } from './feed/event-feeds.ts';
import { FigureFeeds } from './feed/figure-feeds.ts';
import { MonitoringFeeds } from './feed/monitoring-feeds.ts';
import { ProjectionFeeds } from './feed/projection-feeds.ts';
import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { GRAPHQL_OPTIONS, type GraphqlOptions } from './options.ts';
import { createRequests } from './requests.ts';
import { RESOLVERS } from './resolvers/resolvers.ts';

const COLLECTIONS = Symbol('LiveCollections');
const WAIT_TIMEOUT = 5_000;

const driverModule = ({
  imports,
  development,
  limits,
  documents,
  metrics,
  isProxy,
}: GraphqlOptions): DynamicModule =>
  GraphQLModule.forRootAsync<YogaDriverConfig>({
    driver: YogaDriver,
    imports,
    inject: [EVENT_LOG, CLOCK, IDS, LOGGER, AUTHENTICATOR, READS, REFUSALS],
    useFactory: (
      log: EventLog,
      clock: Clock,
      ids: Ids,
      logger: Logger,
      authenticator: Authenticator,
      reads: Reads,
      refusals: Refusals,
    ) => {
      const requests = createRequests(ids, isProxy);
      return {
        path: '/graphql',
        autoSchemaFile: true,
        // The schema is the same at every start: that it is whole, a spec sees when it prints it.
        buildSchemaOptions: { skipCheck: true },
        limits: { ...LIMITS, ...limits },
        documents,
        clock,
        logger,
        metrics,
        mapError: createErrorMapper({ logger, ids, development }),
        ...entranceOf({
          authenticator,
          contextOf: createContextOf({ log, clock, requests, reads, refusals }),
          refusals,
          requests,
        }),
        requestIdOf: (request) => requests.of(request).id,
        ...(isProxy === undefined ? {} : { isProxy }),
        explorer: development ? EXPLORER : undefined,
      };
    },
  });

/**
 * The API: GraphQL over HTTP, SSE and sockets at /graphql, and the health and the figures of the server. It answers queries itself;
 * the handlers of commands are somebody else's. Nest's own body parser has to be off: it would read, and limit, what is
 * meant for GraphQL.
 */
@Module({})
export class GraphqlModule implements OnModuleDestroy {
  readonly #collections: LiveCollections;

  constructor(@Inject(COLLECTIONS) collections: LiveCollections) {
    this.#collections = collections;
  }

  onModuleDestroy(): void {
    this.#collections.close();
  }

  static register(options: GraphqlOptions): DynamicModule {
    const timeout = options.waitTimeout ?? WAIT_TIMEOUT;
    return {
      module: GraphqlModule,
      imports: [...options.imports, CqrsModule.forRoot(), driverModule(options)],
      controllers: [HealthController, ...(options.metrics === undefined ? [] : [MetricsController])],
      providers: [
        ...QUERY_HANDLERS,
        ...RESOLVERS,
        ...REBUILD_HANDLERS,
        { provide: GRAPHQL_OPTIONS, useValue: options },
        { provide: METRICS, useValue: options.metrics },
        { provide: COLLECTIONS, inject: [READ_MODELS, PROJECTOR], useFactory: liveCollections },
        {
          provide: VIEWS,
          inject: [READ_MODELS, PROJECTOR, COLLECTIONS],
          useFactory: (readModels: ReadModels, projector: Projector, collections: LiveCollections) =>
            createViews(readModels, collections, (position, names) =>
              projector.waitFor(position, names, timeout),
            ),
        },
        {
          provide: HISTORIES,
          inject: [EVENT_LOG, READ_MODELS, CLOCK],
          useFactory: (log: EventLog, readModels: ReadModels, clock: Clock) =>
            createHistories(log, clock, createSnapshots(readModels)),
        },
        {
          provide: TALLIES,
          inject: [EVENT_LOG, READ_MODELS, CLOCK],
          useFactory: (log: EventLog, readModels: ReadModels, clock: Clock) =>
            createTallies(log, clock, createTallySnapshots(readModels)),
        },
        { provide: EventFeeds, inject: [EVENT_LOG], useFactory: (log: EventLog) => new EventFeeds(log) },
        {
          provide: MonitoringFeeds,
          inject: [QueryBus, PROJECTOR, CLOCK],
          useFactory: (queries: QueryBus, projector: Projector, clock: Clock) =>
            new MonitoringFeeds(queries, projector, clock),
        },
        {
          provide: FigureFeeds,
          inject: [QueryBus, PROJECTOR, CLOCK],
          useFactory: (queries: QueryBus, projector: Projector, clock: Clock) =>
            new FigureFeeds(queries, projector, clock),
        },
        {
          provide: ProjectionFeeds,
          inject: [PROJECTOR, CLOCK],
          useFactory: (projector: Projector, clock: Clock) => new ProjectionFeeds(projector, clock),
        },
      ],
      exports: [EventFeeds, MonitoringFeeds],
    };
  }
}
