import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { AppModule } from '../src/app.module.ts';
import type { Reads } from '../src/commands/audit/reads.ts';
import { createContextOf } from '../src/graphql/context.ts';
import { createIdentities } from '../src/graphql/identities.ts';
import { createRequests } from '../src/graphql/requests.ts';
import type { Authenticator } from '../src/ports/authenticator.ts';
import { AUTHENTICATOR, READS } from '../src/ports/tokens.ts';
import { timed } from './measure.ts';
import { BENCH } from './generate.ts';
import { openEngine } from './open-engine.ts';
import { dataOf } from './graphql-answers.ts';
import { executionsBehind, operationsOn, type Operation } from './graphql-operations.ts';

const IN_FLIGHT = 64;
/** Executions whose timelines are looked at, and pages of executions. */
const DIFFERENT = 200;
/** Steps of the executions whose timelines are looked at: more than a page of them. */
const STEPS = 25;

const LONG = `execution:
  workflow: long
  activities:
${Array.from({ length: STEPS }, (_, step) => `    - name: step_${step + 1}\n      activity: nothing\n`).join('')}`;

/** The server, with executions that it ran, and what another server needs that answers the same. */
export interface GraphqlServer {
  /** http://…/graphql */
  readonly url: string;
  readonly operations: readonly Operation[];
  /** With its resolvers, and the guards of its fields. */
  readonly schema: GraphQLSchema;
  /** What its resolvers share for one request. */
  readonly contextOf: (request: IncomingMessage) => Promise<object>;
  close(): Promise<void>;
}

/** What the pages of the executions of a workflow begin behind, at most so many. */
const pagesOf = async (url: string, workflow: string): Promise<readonly (string | null)[]> => {
  const pages: (string | null)[] = [null];
  while (pages.length < DIFFERENT) {
    const { query, variables } = executionsBehind(workflow, pages.at(-1) ?? null);
    const data = await dataOf(url, query, variables[0] ?? {});
    const { pageInfo } = data['executions'] as {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
    if (!pageInfo.hasNextPage) break;
    pages.push(pageInfo.endCursor);
  }
  return pages;
};

/** Runs so many executions and some of many steps to their ends, and serves them on a free port. */
export const openGraphqlServer = async (folder: string, executions: number): Promise<GraphqlServer> => {
  const { core, runOne } = await openEngine(folder);
  await timed(runOne, executions, IN_FLIGHT);
  await core.definitions.register(LONG, BENCH);
  const long = await core.definitions.startable('long');
  const ids: string[] = [];
  const runLong = async (): Promise<void> => {
    const id = core.ids.next();
    ids.push(id);
    const start = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
    await core.engine.executions.start(id, long, start, BENCH);
    await core.engine.ended(id);
  };
  await timed(runLong, DIFFERENT, IN_FLIGHT);
  await core.viewsCaughtUp();
  const app = await NestFactory.create(AppModule.on(core, { development: false }), {
    logger: ['error'],
    bodyParser: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const identities = createIdentities(app.get<Authenticator>(AUTHENTICATOR, { strict: false }));
  const contextOf = createContextOf({
    log: core.log,
    clock: core.clock,
    requests: createRequests(core.ids),
    reads: app.get<Reads>(READS, { strict: false }),
    refusals: { note: () => undefined },
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    operations: operationsOn(ids, 'bench', await pagesOf(url, 'bench')),
    schema: app.get(GraphQLSchemaHost, { strict: false }).schema,
    contextOf: async (request) => contextOf(request, await identities.of(request)),
    close: async () => {
      await app.close();
      await core.close();
    },
  };
};
