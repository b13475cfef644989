import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { Refused, socketClient, type ApiClient } from './api-client.ts';

/** Apollo Client, and what it keeps of what it was told. */
export interface Apollo extends ApiClient {
  readonly client: ApolloClient;
}

const thrown = (error: unknown): Error => {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  return first === undefined
    ? new Error('Expected errors of GraphQL.', { cause: error })
    : new Refused(first);
};

/** Apollo Client over HTTP, and over a socket for what is subscribed to. */
export const openApollo = (url: string): Apollo => {
  const sockets = socketClient(url);
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    new HttpLink({ uri: url }),
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    client,
    ask: async <T>(document: string, variables = {}) => {
      const operation = gql(document);
      const answering = document.startsWith('mutation')
        ? client.mutate({ mutation: operation, variables })
        : client.query({ query: operation, variables });
      const { data } = await answering.catch((error: unknown) => {
        throw thrown(error);
      });
      return data as T;
    },
    follow: <T>(document: string, variables = {}) =>
      new Promise<readonly T[]>((resolve, reject) => {
        const seen: T[] = [];
        client.subscribe({ query: gql(document), variables }).subscribe({
          next: ({ data, error }) => {
            if (error === undefined) seen.push(data as T);
            else reject(thrown(error));
          },
          error: (error: unknown) => reject(thrown(error)),
          complete: () => resolve(seen),
        });
      }),
    close: async () => {
      client.stop();
      await sockets.dispose();
    },
  };
};
