import type { IncomingMessage } from 'node:http';
import type { Caller } from '../commands/caller.ts';
import type { GuardedRoute } from '../graphql/access/decisions.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Json } from '../domain/json.ts';
import { apiError } from '../graphql/errors/api-error.ts';

/** A request, in the parts that endpoints ask for. */
export interface Exchange {
  readonly method: string;
  /** As it stands in the URL. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly idempotencyKey: string | undefined;
  /** Reads the body: JSON, or null when there is none. */
  body(): Promise<Json>;
  /** Aborted once nobody waits for the answer any more or may have it, or the server is about to stop. */
  readonly over: AbortSignal;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What whoever uses another method is told. */
export const notAllowed = (allowed: string, found: string): Error =>
  apiError('METHOD_NOT_ALLOWED', `Expected ${allowed}, but found ${found}.`, {
    http: { headers: { Allow: allowed } },
  });

/** What a request asks for. */
export interface Work {
  /** The route that says what is needed for it. */
  readonly route: GuardedRoute;
  /** The workflow that it is about, when it is about one. */
  readonly workflow?: string;
  /** Carries it out on somebody's behalf. */
  run(caller: Caller): Promise<Answer>;
}

/** Finds what a request asks for, to be carried out then; `undefined` for what is not its own. */
export type Endpoint = (exchange: Exchange) => Promise<Work | undefined>;

const LONGEST_KEY = 200;

/** What makes a repeated request the same one. Throws `BAD_USER_INPUT` for a key that is empty or too long. */
export const idempotencyKeyOf = ({ headers }: IncomingMessage): string | undefined => {
  const { 'idempotency-key': key } = headers;
  if (typeof key !== 'string') return undefined;
  if (key.length > 0 && key.length <= LONGEST_KEY) return key;
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected an Idempotency-Key of 1 to ${LONGEST_KEY} characters, but it has ${key.length}.`,
    { field: 'Idempotency-Key', found: key.length, expected: `1 to ${LONGEST_KEY} characters` },
  );
};

/** The path of a request and what stands behind its question mark. */
export const targetOf = ({ url = '/' }: IncomingMessage): Pick<Exchange, 'path' | 'query'> => {
  const at = url.indexOf('?');
  if (at < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
};
