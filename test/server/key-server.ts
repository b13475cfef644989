import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { startServer, type Server, type ServerOptions } from '../../src/server.ts';
import { keepingLogger, type KeepingLogger } from '../graphql/keeping-logger.ts';

type Body = Readonly<Record<string, unknown>>;

/** A server that many specs ask, one after the other. */
export interface KeyServer extends Server {
  readonly logger: KeepingLogger;
  send(path: string, headers: Readonly<Record<string, string>>, json: object): Promise<SentAnswer>;
}

/** What a request is answered with. */
export interface SentAnswer {
  readonly status: number;
  readonly body: Body;
}

/** Starts a server on embedded stores of its own, which go when it is closed. */
export const serveKeys = async (
  env: Readonly<Record<string, string>>,
  options: Pick<ServerOptions, 'metrics'> = {},
): Promise<KeyServer> => {
  const data = await mkdtemp(join(tmpdir(), 'sagalog-keys-'));
  const logger = keepingLogger();
  const config = readConfig({ ...env, SAGALOG_DATA: data, PORT: '0' });
  const server = await startServer({ ...options, config, logger, development: false });
  await server.started;
  return {
    ...server,
    logger,
    send: async (path, headers, json) => {
      const response = await fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(json),
      });
      return { status: response.status, body: (await response.json()) as Body };
    },
    close: async () => {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
};
