import {
  Inject,
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { Server } from 'node:http';
import type { Reads } from '../commands/audit/reads.ts';
import type { Refusals } from '../commands/audit/refusals.ts';
import type { Definitions } from '../commands/definitions.ts';
import type { Executions } from '../commands/executions.ts';
import type { GraphqlLimits } from '../graphql/driver/limits.ts';
import { createErrorMapper } from '../graphql/errors/error-mapper.ts';
import { EventFeeds } from '../graphql/feed/event-feeds.ts';
import { createRequests } from '../graphql/requests.ts';
import type { Authenticator } from '../ports/authenticator.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ids } from '../ports/ids.ts';
import type { Logger } from '../ports/logger.ts';
import {
  AUTHENTICATOR,
  CLOCK,
  DEFINITIONS,
  EVENT_LOG,
  EXECUTIONS,
  IDS,
  LOGGER,
  READS,
  REFUSALS,
  WORKERS,
} from '../ports/tokens.ts';
import type { Workers } from '../ports/workers.ts';
import { createFront, type Front } from './front.ts';
import { routeEndpoint } from './route.endpoint.ts';
import { webhookEndpoint } from './webhook.endpoint.ts';
import { workersEndpoint } from './workers/workers.endpoint.ts';

const FRONT = Symbol('Front');

/** How the endpoints are served. */
export interface HttpOptions {
  /** Modules that export the ports, the parts of the core, and the feeds of events. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** Whether what a peer says of whoever it forwards is believed; of nobody unless given. */
  readonly isProxy?: (address: string | undefined) => boolean;
  /** Shows the cause of unforeseen errors. */
  readonly development: boolean;
  readonly limits: Pick<GraphqlLimits, 'message' | 'owed'>;
}

/** What the server answers beside GraphQL: events that come as webhooks, requests that start workflows, and workers. */
@Module({})
export class HttpModule implements OnModuleInit, OnModuleDestroy {
  readonly #host: HttpAdapterHost;
  readonly #front: Front;

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost, @Inject(FRONT) front: Front) {
    this.#host = host;
    this.#front = front;
  }

  /** Behind the routes of controllers: paths that definitions name are only known while it runs. */
  onModuleInit(): void {
    this.#host.httpAdapter.use(this.#front.handle);
  }

  async onModuleDestroy(): Promise<void> {
    (this.#host.httpAdapter.getHttpServer() as Server).close();
    await this.#front.close();
  }

  static register({ imports, development, isProxy, limits }: HttpOptions): DynamicModule {
    const front = {
      provide: FRONT,
      inject: [
        CommandBus,
        DEFINITIONS,
        EXECUTIONS,
        EVENT_LOG,
        EventFeeds,
        CLOCK,
        IDS,
        LOGGER,
        WORKERS,
        AUTHENTICATOR,
        READS,
        REFUSALS,
      ],
      useFactory: (
        commands: CommandBus,
        definitions: Definitions,
        executions: Executions,
        log: EventLog,
        feeds: EventFeeds,
        clock: Clock,
        ids: Ids,
        logger: Logger,
        workers: Workers,
        authenticator: Authenticator,
        reads: Reads,
        refusals: Refusals,
      ) =>
        createFront({
          endpoints: [
            webhookEndpoint(commands),
            workersEndpoint(workers),
            routeEndpoint({ commands, definitions, executions, log, feeds, clock, reads }),
          ],
          authenticator,
          requests: createRequests(ids, isProxy),
          refusals,
          mapError: createErrorMapper({ logger, ids, development }),
          limits,
          clock,
        }),
    };
    return { module: HttpModule, imports, providers: [front] };
  }
}
