import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { noAnswer, otherAnswer, socketFailure, toldFailure } from './api-failure.ts';

/** The GraphQL API of a server, as any client uses it. What fails says why in words. */
export interface Api {
  /** The data of a query or mutation. Rejects with the codes and messages of its errors. */
  query<T>(document: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Calls back with what a subscription sends until the answer is called; `fail` hears of its failure. */
  subscribe(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    next: (data: unknown) => void,
    fail: (error: unknown) => void,
  ): () => void;
  close(): Promise<void>;
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string } | undefined;
  }[];
}

const dataOf = <T>({ data, errors }: Answer<T>): T => {
  if (errors !== undefined && errors.length > 0) throw toldFailure(errors);
  return data as T;
};

/**
 * Talks to the API at a URL: HTTP for queries and mutations, one WebSocket for subscriptions; with a token or key, if one is
 * given or is in the environment as `SAGALOG_TOKEN`.
 */
export const connectApi = (url: string, token = process.env['SAGALOG_TOKEN']): Api => {
  const who: Readonly<Record<string, string>> = token ? { authorization: `Bearer ${token}` } : {};
  const sockets = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: who,
    // What was asked for would be asked for once more, though it may be under way.
    retryAttempts: 0,
  });
  return {
    query: async <T>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...who },
        body: JSON.stringify({ query, variables }),
      }).catch((error: unknown) => {
        throw noAnswer(url, error);
      });
      const answer = await response.json().catch(() => undefined);
      if (typeof answer !== 'object' || answer === null || !('data' in answer || 'errors' in answer))
        throw otherAnswer(url, response.status, response.headers.get('content-type'));
      return dataOf(answer as Answer<T>);
    },
    subscribe: (query, variables, next, fail) =>
      sockets.subscribe(
        { query, variables },
        {
          next: (answer) => {
            try {
              next(dataOf(answer as Answer<unknown>));
            } catch (error) {
              fail(error);
            }
          },
          error: (error) => fail(socketFailure(url, error)),
          complete: () => undefined,
        },
      ),
    close: async () => {
      await sockets.dispose();
    },
  };
};
