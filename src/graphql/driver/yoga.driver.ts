import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type GraphiQLOptions, type GraphQLParams } from 'graphql-yoga';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ErrorMapper } from '../errors/error-mapper.ts';
import { trackAnswers, type Answers } from './answers.ts';
import { bodyLimitPlugin } from './body-limit.plugin.ts';
import { createBoundedCache } from '../../domain/bounded-cache.ts';
import { checksPlugin } from './checks.plugin.ts';
import { costPlugin } from './cost.plugin.ts';
import { eventIdsPlugin, type CursorIn } from './event-ids.plugin.ts';
import type { GraphqlLimits } from './limits.ts';
import { metricsPlugin } from './metrics.plugin.ts';
import { withinRequest } from '../request-log.ts';
import { REQUEST_ID } from '../requests.ts';
import { sharedAnswersPlugin } from './shared-answers.plugin.ts';
import { answerPlainRequests } from './plain-requests.ts';
import { socketProtocol } from './socket-protocol.ts';
import type { Transport, Yoga } from './transport.ts';
import { patiencePlugin } from './patience.plugin.ts';
import { requestFault, requestPlugin } from './request.plugin.ts';
import { createSeats } from './seats.ts';
import { createOperations, type Operations } from './operations.ts';
import type { Documents } from './allowed-operations.ts';
import type { Opens } from './socket-tenure.ts';
import { listenForSockets, type SocketServer } from './socket-server.ts';

/** What the driver needs beside Nest's own options. */
export interface YogaDriverConfig extends GqlModuleOptions<YogaDriver> {
  readonly limits: GraphqlLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mapError: ErrorMapper;
  /** Set: operations are counted there. */
  readonly metrics?: Metrics | undefined;
  /** The context of one operation, from the request that brought it or its socket, and what it says. */
  readonly contextOf: (request: IncomingMessage, params: GraphQLParams) => object | Promise<object>;
  /** What a request is known by, which its answer says. */
  readonly requestIdOf?: (request: IncomingMessage) => string;
  /** Sees to it that nobody comes to a field who may not. */
  readonly guard?: (schema: GraphQLSchema) => void;
  /** The cursor of the latest value of a subscription, by its context; set: events of event streams have it as their id. */
  readonly cursorIn?: CursorIn;
  /** Fields that are told everybody alike: what subscribers ask for of these alone is made once for all of them. */
  readonly impersonal?: ReadonlySet<string>;
  /** Who opens a socket, as the payload of its first message says, and until when that is so; anybody unless given. */
  readonly opens?: Opens;
  /** Whether what a peer says of whoever it forwards is believed; of nobody unless given. */
  readonly isProxy?: (address: string | undefined) => boolean;
  /** Set: no other documents than these are carried out. */
  readonly documents?: Documents | undefined;
  /** Set: an explorer is served to browsers. */
  readonly explorer: GraphiQLOptions | undefined;
}

/** Serves the schema with GraphQL Yoga over HTTP and SSE, and with graphql-ws over sockets. */
@Injectable()
export class YogaDriver extends AbstractGraphQLDriver<YogaDriverConfig> {
  #sockets: SocketServer | undefined;
  #answers: Answers | undefined;

  async start(options: YogaDriverConfig & { schema: GraphQLSchema; path: string }): Promise<void> {
    const { path, limits, clock, logger, mapError, requestIdOf, isProxy = () => false } = options;
    options.guard?.(options.schema);
    const operations = createOperations(options.documents);
    const yoga = createDriverYoga(options, operations);
    const http = this.httpAdapterHost.httpAdapter;
    const answers = trackAnswers(clock, limits);
    const seats = createSeats(limits, isProxy);
    const answer = answerPlainRequests({ yoga, operations, mapError, path, limits });
    http.use(path, (req: IncomingMessage, res: ServerResponse) => {
      answers.track(res);
      const id = requestIdOf?.(req);
      if (id !== undefined) res.setHeader(REQUEST_ID, id);
      if (seats.admits(req, res)) answer(req, res, (work) => withinRequest(id, work));
    });
    this.#answers = answers;
    this.#sockets = listenForSockets({
      http: http.getHttpServer() as HttpServer,
      path,
      protocol: socketProtocol({ yoga, operations, mapError, limits, clock, opens: options.opens }),
      isProxy,
      seats,
      limits,
      clock,
      logger,
    });
  }

  async stop(): Promise<void> {
    // Nobody new is let in while those who are here are answered; the framework ends what is left.
    (this.httpAdapterHost.httpAdapter.getHttpServer() as HttpServer).close();
    await Promise.all([this.#sockets?.close(), this.#answers?.close()]);
  }
}

// Several megabytes of script, which are read when a browser first asks for them.
const explorerPage = async (options: GraphiQLOptions): Promise<string> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
};

/** Characters of the documents that are kept parsed and checked; that takes some hundred times as many bytes. */
const DOCUMENTS = 512 * 1024;

/** What cannot be read is read again when it comes again: nobody needs that to be fast. */
const NOTHING_KEPT = { get: () => undefined, set: () => undefined };

const createDriverYoga = (
  options: YogaDriverConfig & { schema: GraphQLSchema; path: string },
  operations: Operations,
): Yoga => {
  const {
    schema,
    path,
    limits,
    clock,
    logger,
    mapError,
    metrics,
    contextOf,
    cursorIn,
    impersonal,
    explorer,
  } = options;
  return createYoga<Transport, object>({
    schema,
    graphqlEndpoint: path,
    plugins: [
      requestPlugin(limits, operations),
      bodyLimitPlugin(limits),
      checksPlugin(limits),
      costPlugin(limits),
      patiencePlugin(limits, clock),
      ...(metrics === undefined ? [] : [metricsPlugin(metrics)]),
      ...(cursorIn === undefined ? [] : [eventIdsPlugin(cursorIn)]),
      ...(impersonal === undefined ? [] : [sharedAnswersPlugin(impersonal)]),
    ],
    context: ({ req, params }) => contextOf(req, params),
    maskedErrors: {
      maskError: (error) => mapError(requestFault(error)),
      errorMessage: '',
      isDev: false,
    },
    // Ours is not in the way of those who say how much they send.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createBoundedCache(DOCUMENTS), errorCache: NOTHING_KEPT },
    graphiql: explorer ?? false,
    renderGraphiQL: explorerPage,
    landingPage: false,
    multipart: false,
    batching: { limit: limits.batch },
    cors: false,
    logging: {
      // Yoga logs every error once more that the mapper has dealt with.
      debug: () => undefined,
      info: () => undefined,
      warn: (...parts) => logger.warn({ parts }, 'GraphQL Yoga warns'),
      error: (...parts) => logger.debug({ parts }, 'GraphQL Yoga met an error'),
    },
  });
};
