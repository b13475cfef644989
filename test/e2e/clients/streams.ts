import { createClient } from 'graphql-sse';
import { Refused, type ApiClient, type Variables } from './api-client.ts';

/** The client of GraphQL over event streams, a connection for each operation. */
export const openStreams = (url: string): ApiClient => {
  const client = createClient({ url, retryAttempts: 0 });
  const follow = async <T>(query: string, variables: Variables = {}): Promise<readonly T[]> => {
    const seen: T[] = [];
    for await (const { data, errors } of client.iterate<T>({ query, variables: { ...variables } })) {
      const [first] = errors ?? [];
      if (first !== undefined) throw new Refused(first);
      if (data != null) seen.push(data);
    }
    return seen;
  };
  return {
    follow,
    ask: async <T>(document: string, variables?: Variables) => {
      const [data] = await follow<T>(document, variables);
      return data as T;
    },
    close: () => {
      client.dispose();
      return Promise.resolve();
    },
  };
};
