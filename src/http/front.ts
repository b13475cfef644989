import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusals } from '../commands/audit/refusals.ts';
import { ROUTES } from '../graphql/access/decisions.ts';
import { allow } from '../graphql/access/needs.ts';
import { noteFormer, wantOfRights } from '../graphql/access/refused.ts';
import { callerOf } from '../graphql/context.ts';
import { withinRequest } from '../graphql/request-log.ts';
import { REQUEST_ID, type Requests } from '../graphql/requests.ts';
import { trackAnswers } from '../graphql/driver/answers.ts';
import type { GraphqlLimits } from '../graphql/driver/limits.ts';
import { apiError } from '../graphql/errors/api-error.ts';
import type { ErrorMapper } from '../graphql/errors/error-mapper.ts';
import type { Caller } from '../commands/caller.ts';
import type { Authenticator, Identity } from '../ports/authenticator.ts';
import type { Clock } from '../ports/clock.ts';
import {
  idempotencyKeyOf,
  targetOf,
  type Answer,
  type Endpoint,
  type Exchange,
  type Work,
} from './exchange.ts';
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
  readonly refusals: Pick<Refusals, 'note'>;
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
  const { endpoints, authenticator, requests, refusals, mapError, limits, clock } = options;
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

  /** Who sends a request; whoever has a key that counts no more is on record. */
  const identify = async (request: IncomingMessage): Promise<Identity> => {
    try {
      return await authenticator.identify(request.headers.authorization);
    } catch (error) {
      // It is not looked for what it was for: there are only so many operations on record.
      const tried = () => ({ wanted: 'command', operation: 'http', target: targetOf(request).path }) as const;
      noteFormer({ refusals, requests }, request, tried, error);
      throw error;
    }
  };

  /** On whose behalf the work is done, kept to where they may. Throws `FORBIDDEN`, which is on record. */
  const admit = (identity: Identity, { route, workflow }: Work, request: IncomingMessage): Caller => {
    const caller = callerOf(request, identity, requests.of(request), route);
    try {
      return { ...caller, scope: allow(identity.access, ROUTES[route], workflow) };
    } catch (error) {
      const code = wantOfRights(error);
      const tried = { wanted: 'command', operation: route, target: workflow ?? '', workflow } as const;
      if (code !== undefined) refusals.note({ ...tried, code }, caller);
      throw error;
    }
  };

  const answer = async (request: IncomingMessage, gone: AbortSignal): Promise<Answer | undefined> => {
    // Who is not known is not told which routes there are.
    const identity = await identify(request);
    const { ended } = identity;
    const exchange = exchangeOf(request, ended === undefined ? [gone] : [gone, ended]);
    for (const endpoint of endpoints) {
      const work = await endpoint(exchange);
      if (work === undefined) continue;
      // A page of another site may send requests without a body and without asking first.
      if (request.headers['sec-fetch-site'] === 'cross-site')
        throw apiError('FORBIDDEN', 'Expected no request from a page of another site, but it is one.');
      return work.run(admit(identity, work, request));
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
