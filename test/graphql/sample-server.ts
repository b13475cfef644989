import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import type { Documents } from '../../src/graphql/driver/allowed-operations.ts';
import { LIMITS, type GraphqlLimits } from '../../src/graphql/driver/limits.ts';
import { YogaDriver, type YogaDriverConfig } from '../../src/graphql/driver/yoga.driver.ts';
import { createErrorMapper } from '../../src/graphql/errors/error-mapper.ts';
import { EXPLORER } from '../../src/graphql/explorer.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { keepingLogger, type KeepingLogger } from './keeping-logger.ts';
import { SampleResolver } from './sample-api.ts';

/** A server of the sample API. */
export interface SampleServer {
  readonly http: Server;
  readonly port: number;
  /** http://…/graphql */
  readonly url: string;
  /** ws://…/graphql */
  readonly socketUrl: string;
  readonly logger: KeepingLogger;
  post(query: string, variables?: object): Promise<{ status: number; body: Answer }>;
  close(): Promise<void>;
}

/** What GraphQL answers. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** How the sample API is served. */
export interface SampleOptions extends Partial<GraphqlLimits> {
  readonly development?: boolean;
  readonly documents?: Documents;
  readonly clock?: Clock;
  /** Fields of which answers are shared; none unless given. */
  readonly impersonal?: ReadonlySet<string>;
  /** Who may what, as the driver has it; anybody everything unless given. */
  readonly access?: Pick<YogaDriverConfig, 'contextOf'> &
    Partial<Pick<YogaDriverConfig, 'guard' | 'opens' | 'isProxy'>>;
}

/** Serves the sample API with the driver of the real one. */
export const serveSample = async (options: SampleOptions = {}): Promise<SampleServer> => {
  const { development = false, clock = systemClock(), access, impersonal, documents, ...limits } = options;
  const logger = keepingLogger();
  const driver = GraphQLModule.forRoot<YogaDriverConfig>({
    driver: YogaDriver,
    path: '/graphql',
    autoSchemaFile: true,
    limits: { ...LIMITS, ...limits },
    documents,
    clock,
    logger,
    mapError: createErrorMapper({ logger, ids: systemIds(), development }),
    ...(impersonal === undefined ? {} : { impersonal }),
    ...(access ?? { contextOf: () => ({}) }),
    explorer: development ? EXPLORER : undefined,
  });

  @Module({ imports: [driver], providers: [SampleResolver] })
  class SampleModule {}

  const app = await NestFactory.create(SampleModule, {
    logger: ['error'],
    bodyParser: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  const http = app.getHttpServer() as Server;
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    http,
    port,
    url,
    socketUrl: `ws://127.0.0.1:${port}/graphql`,
    logger,
    post: async (query, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, body: (await response.json()) as Answer };
    },
    close: () => app.close(),
  };
};

/** Serves the sample API until the test is finished. */
export const sampleForTest = async (options: SampleOptions = {}): Promise<SampleServer> => {
  const server = await serveSample(options);
  onTestFinished(() => server.close());
  return server;
};
