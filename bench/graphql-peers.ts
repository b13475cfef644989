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

/** Yoga alone, which has what each field at the root answers in memory, in the shape that it is told in. */
export const openBareYoga = async (
  schema: GraphQLSchema,
  answers: Readonly<Record<string, unknown>>,
): Promise<GraphqlPeer> => {
  const bare = buildSchema(printSchema(schema));
  const root = bare.getQueryType();
  if (!isObjectType(root)) throw new Error('Expected a schema with queries, but it has none.');
  for (const [name, answer] of Object.entries(answers)) {
    const field = root.getFields()[name];
    if (field !== undefined) field.resolve = () => answer;
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
