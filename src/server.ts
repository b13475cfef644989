import { NestFactory } from '@nestjs/core';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppModule } from './app.module.ts';
import { asksForTokens } from './authenticator.ts';
import { nestLogger } from './nest-logger.ts';
import { ConfigError, type Config } from './config.ts';
import { openCore, type CoreOptions } from './core.ts';
import type { Core } from './create-core.ts';
import { readOperations } from './operations-file.ts';
import type { Metrics } from './ports/metrics.ts';

/** What a server is made of. */
export interface ServerOptions extends CoreOptions {
  /** Serves an explorer to browsers, and shows the cause of unforeseen errors. */
  readonly development: boolean;
  /** Where operations are counted, and what /metrics serves; nothing unless given. */
  readonly metrics?: Metrics;
}

/** A server that listens. */
export interface Server {
  /** Where GraphQL is. */
  readonly url: string;
  readonly core: Core;
  /** Resolves when the server has taken up its work; rejects when it cannot. */
  readonly started: Promise<void>;
  /** Takes no more requests, gives the answers that it owes, lets running calls end, closes everything. */
  close(): Promise<void>;
}

const portError = (error: unknown, { host, port }: Config): unknown => {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const problems = [`PORT: expected a port of ${host} to listen at, but found ${port}: ${error.message}.`];
  return new ConfigError(problems);
};

/** Longer than load balancers keep theirs (60 s): they would send a request just when this end closes. */
const KEEP_ALIVE = 65_000;

/**
 * Opens the stores and listens; then, in the background, takes up the work that is there. Until that is done
 * `/readyz` answers 503. Rejects when a store refuses to open or the port is taken.
 */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { operations } = options.config;
  const documents = operations === undefined ? undefined : await readOperations(operations);
  const core = await openCore(options);
  const { config, logger } = core;
  const app = await NestFactory.create(AppModule.on(core, { ...options, documents }), {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  // Whatever the front meets on its way out, what runs is waited for and the stores are closed.
  const close = async (): Promise<void> => {
    try {
      await app.close();
    } finally {
      await core.close();
    }
  };
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await close();
    throw portError(error, config);
  }
  const http = app.getHttpServer() as HttpServer;
  http.keepAliveTimeout = KEEP_ALIVE;
  if (!asksForTokens(config.access))
    logger.info({ host: config.host }, 'Nobody is asked who they are: only this machine is listened to.');
  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}/graphql`,
    core,
    started: core.start(),
    close,
  };
};
