import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROUTES } from '../graphql/access/decisions.ts';
import { allow } from '../graphql/access/needs.ts';
import { callerOf } from '../graphql/context.ts';
import { withinRequest } from '../graphql/request-log.ts';
import { REQUEST_ID, type Requests } from '../graphql/requests.ts';
import { trackAnswers } from '../graphql/driver/answers.ts';
import type { GraphqlLimits } from '../graphql/driver/limits.ts';
import { apiError } from '../graphql/errors/api-error.ts';
import type { ErrorMapper } from '../graphql/errors/error-mapper.ts';
import type { Authenticator } from '../ports/authenticator.ts';
import type { Clock } from '../ports/clock.ts';
import { idempotencyKeyOf, targetOf, type Answer, type Endpoint, type Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { refusalOf } from './refusal.ts';

/** What answers requests beside GraphQL. */
export interface Front {
  /** Answers a request, or hands it on to `next` when it is for no endpoint. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  /** Tells whoever waits that the server stops; resolves when every answer has been given, or a while later. */
  close(): Promise<void>;
}

/** What `createFront` needs. */
export interface FrontOptions {
  readonly endpoints: readonly Endpoint[];
  readonly authenticator: Authenticator;
  readonly requests: Requests;
  readonly mapError: ErrorMapper;
  readonly limits: Pick<GraphqlLimits, 'message' | 'owed'>;
  readonly clock: Clock;
}

const send = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
};

/** Puts endpoints behind HTTP: bodies, errors, and an end that gives the answers that are owed. */
export const createFront = (options: FrontOptions): Front => {
  const { endpoints, authenticator, requests, mapError, limits, clock } = options;
  const answers = trackAnswers(clock, limits);
  const stopping = new AbortController();

  const exchangeOf = (request: IncomingMessage, ends: readonly AbortSignal[]): Exchange => ({
    method: request.method ?? 'GET',
    ...targetOf(request),
    get idempotencyKey() {
      return idempotencyKeyOf(request);
    },
    body: () => readBody(request, limits.message),
    over: AbortSignal.any([...ends, stopping.signal]),
  });

  const answer = async (request: IncomingMessage, gone: AbortSignal): Promise<Answer | undefined> => {
    // Who is not known is not told which routes there are.
    const identity = await authenticator.identify(request.headers.authorization);
    const { ended } = identity;
    const exchange = exchangeOf(request, ended === undefined ? [gone] : [gone, ended]);
    for (const endpoint of endpoints) {
      const work = await endpoint(exchange);
      if (work === undefined) continue;
      // A page of another site may send requests without a body and without asking first.
      if (request.headers['sec-fetch-site'] === 'cross-site')
        throw apiError('FORBIDDEN', 'Expected no request from a page of another site, but it is one.');
      const scope = allow(identity.access, ROUTES[work.route], work.workflow);
      const caller = callerOf(request, identity, requests.of(request), work.route);
      return work.run({ ...caller, scope });
    }
    return undefined;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const given = await answer(request, gone.signal);
      if (given === undefined) next();
      else send(response, given);
    } catch (error) {
      // There is nobody to tell of a request that broke off.
      if (request.destroyed && !request.complete) return;
      send(response, refusalOf(error, mapError));
    }
  };

  return {
    handle: (request, response, next) => {
      answers.track(response);
      const { id } = requests.of(request);
      response.setHeader(REQUEST_ID, id);
      void withinRequest(id, () => serve(request, response, next));
    },
    close: async () => {
      stopping.abort();
      await answers.close();
    },
  };
};
