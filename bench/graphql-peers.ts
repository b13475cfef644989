import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSchema, isObjectType, printSchema, type GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { GraphqlServer } from './graphql-server.ts';

/** Another server of the same operations. */
export interface GraphqlPeer {
  readonly url: string;
  close(): Promise<void>;
}

/** What fields at the root answer by the argument that tells that apart, in the shape that it is told in. */
export interface Remembered {
  readonly name: string;
  readonly by: string | undefined;
  readonly answers: ReadonlyMap<unknown, unknown>;
}

/** Yoga alone, which has all that it answers in memory. */
export const openBareYoga = async (
  schema: GraphQLSchema,
  remembered: readonly Remembered[],
): Promise<GraphqlPeer> => {
  const bare = buildSchema(printSchema(schema));
  const root = bare.getQueryType();
  if (!isObjectType(root)) throw new Error('Expected a schema with queries, but it has none.');
  for (const { name, by, answers } of remembered) {
    const field = root.getFields()[name];
    if (field === undefined) throw new Error(`Expected a field ${name} at the root, but there is none.`);
    field.resolve = (_, args: Readonly<Record<string, unknown>>) =>
      answers.get(by === undefined ? undefined : args[by]);
  }
  const yoga = createYoga({ schema: bare, graphiql: false, landingPage: false });
  const http = createServer((request, response) => void yoga(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
};

/** Apollo Server with the schema of ours: the same resolvers on the same stores, the same guards, the same context. */
export const openApollo = async ({
  schema,
  contextOf,
}: Pick<GraphqlServer, 'schema' | 'contextOf'>): Promise<GraphqlPeer> => {
  const apollo = new ApolloServer({ schema, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(apollo, {
    listen: { port: 0, host: '127.0.0.1' },
    context: ({ req }) => contextOf(req),
  });
  return { url, close: () => apollo.stop() };
};
