import {
  cacheExchange,
  Client,
  fetchExchange,
  subscriptionExchange,
  type CombinedError,
  type ExecutionResult,
} from '@urql/core';
import { Refused, socketClient, type ApiClient, type Variables } from './api-client.ts';

const thrown = (error: CombinedError): Error => {
  const [first] = error.graphQLErrors;
  return first === undefined ? error : new Refused(first, error);
};

const clientOf = (urql: Client, close: () => Promise<void>): ApiClient => ({
  ask: async <T>(document: string, variables: Variables = {}) => {
    const { data, error } = document.startsWith('mutation')
      ? await urql.mutation<T>(document, variables)
      : await urql.query<T>(document, variables);
    if (error !== undefined) throw thrown(error);
    return data as T;
  },
  follow: <T>(document: string, variables: Variables = {}) =>
    new Promise<readonly T[]>((resolve, reject) => {
      const seen: T[] = [];
      urql.subscription<T>(document, variables).subscribe(({ data, error, hasNext }) => {
        if (error !== undefined) reject(thrown(error));
        // It says that it was the last one by saying it once more.
        else if (!hasNext) resolve(seen);
        else if (data !== undefined) seen.push(data);
      });
    }),
  close,
});

/** urql over HTTP, and over a socket for what is subscribed to. */
export const openUrql = (url: string): ApiClient => {
  const sockets = socketClient(url);
  const subscriptions = subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {} }) => ({
      subscribe: (sink) => ({
        unsubscribe: sockets.subscribe(
          { query, variables: { ...variables } },
          { ...sink, next: (result) => sink.next(result as ExecutionResult) },
        ),
      }),
    }),
  });
  const exchanges = [cacheExchange, fetchExchange, subscriptions];
  return clientOf(new Client({ url, exchanges, preferGetMethod: false }), async () => sockets.dispose());
};

/** urql that subscribes by event streams, as it fetches all else. */
export const openUrqlByStreams = (url: string): ApiClient =>
  clientOf(
    new Client({
      url,
      exchanges: [cacheExchange, fetchExchange],
      fetchSubscriptions: true,
      preferGetMethod: false,
    }),
    () => Promise.resolve(),
  );
