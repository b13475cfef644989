import type { ExecutionArgs, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { makeServer, type Context, type OperationResult, type Server } from 'graphql-ws';
import { apiError } from '../errors/api-error.ts';
import type { ErrorMapper } from '../errors/error-mapper.ts';
import type { Clock } from '../../ports/clock.ts';
import { requestIdIn, withinRequest } from '../request-log.ts';
import type { GraphqlLimits } from './limits.ts';
import type { Operations } from './operations.ts';
import { prepare } from './prepare.ts';
import { socketLeaving } from './socket-leaving.ts';
import { socketTenure, type Opens } from './socket-tenure.ts';
import { SocketClosed } from './socket.ts';
import type { Connection } from './socket-server.ts';
import type { Yoga } from './transport.ts';

type Opened = Context<Record<string, unknown>, Connection>;

interface Executors {
  readonly context: Opened;
  readonly id: string;
  readonly leave: () => void;
  readonly execute: (args: ExecutionArgs) => OperationResult;
  readonly subscribe: (args: ExecutionArgs) => OperationResult;
}

const executorsOf = (args: ExecutionArgs): Executors => args.rootValue as Executors;

/** What the protocol needs. */
export interface SocketProtocolOptions {
  readonly yoga: Yoga;
  readonly operations: Operations;
  readonly mapError: ErrorMapper;
  readonly limits: Pick<GraphqlLimits, 'operations' | 'idle'>;
  readonly clock: Clock;
  readonly opens?: Opens | undefined;
}

const tooManyOperations = (found: number, expected: number): GraphQLError =>
  apiError(
    'TOO_MANY_OPERATIONS',
    `Expected at most ${expected} operations at once on a socket, but this is the ${found}th; end one, or open another socket.`,
    { found, expected },
  );

/** The graphql-transport-ws protocol over the same parsing, checks and execution that serve HTTP. */
export const socketProtocol = ({
  yoga,
  operations,
  mapError,
  limits,
  clock,
  opens,
}: SocketProtocolOptions): Server<Connection> => {
  const leaving = socketLeaving();
  const protocol = makeServer<Record<string, unknown>, Connection>({
    ...socketTenure({ opens, mapError, clock, idle: limits.idle }),
    execute: (args) => {
      const { execute, context, id, leave } = executorsOf(args);
      return withinRequest(requestIdIn(args.contextValue), () =>
        leaving.during(context, id, leave, () => execute(args)),
      );
    },
    subscribe: (args) =>
      withinRequest(requestIdIn(args.contextValue), () => executorsOf(args).subscribe(args)),
    onSubscribe: async (context, id, params) => {
      const { extra, subscriptions } = context;
      const left = new AbortController();
      const found = Object.keys(subscriptions).length;
      if (found > limits.operations) return [tooManyOperations(found, limits.operations)];
      try {
        const transport = { req: extra.request, socket: true, left: left.signal } as const;
        const prepared = await prepare(yoga, operations, transport, params);
        if (!('args' in prepared)) return prepared;
        const { args, execute, subscribe } = prepared;
        const rootValue: Executors = { execute, subscribe, context, id, leave: () => left.abort() };
        return { ...args, rootValue };
      } catch (error) {
        return [mapError(error)];
      }
    },
    onError: (_context, _id, _payload, errors) => {
      // A source is left by the error of a send that found the peer gone; there is nobody to tell.
      if (errors.some(({ originalError }) => originalError instanceof SocketClosed)) return undefined;
      return errors.map((error) => withoutTransport(mapError(error)));
    },
    onNext: (_context, _id, _payload, _args, { errors, ...result }) => {
      if (errors === undefined) return undefined;
      const mapped = errors.map((error) => withoutTransport(mapError(error)));
      return { ...result, errors: mapped } as FormattedExecutionResult;
    },
  });
  return leaving.watched(protocol);
};

/** The error as it is sent: what is meant for HTTP alone stays here. */
const withoutTransport = (error: GraphQLError): GraphQLFormattedError => {
  const json = error.toJSON();
  if (json.extensions === undefined) return json;
  const { http: _http, ...extensions } = json.extensions;
  return { ...json, extensions };
};
