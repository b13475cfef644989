import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { CoreOptions } from '../../src/core.ts';
import { startServer, type Server } from '../../src/server.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger, type KeepingLogger } from '../graphql/keeping-logger.ts';

/** A server whose log can be read. */
export interface OpenServer extends Server {
  readonly logger: KeepingLogger;
}

/** A server on embedded stores of its own that has taken up its work; it is closed with the test unless it was before. */
export const openServer = async (
  options: Pick<CoreOptions, 'decorations' | 'activities'>,
  data = temporaryFolder(),
  env: Readonly<Record<string, string>> = {},
): Promise<OpenServer> => {
  const logger = keepingLogger();
  const config = readConfig({ ...env, SAGALOG_DATA: data, PORT: '0' });
  const server = await startServer({ ...options, config, logger, development: false });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close());
  onTestFinished(close);
  await server.started;
  return { ...server, close, logger };
};

/** Sends an operation; answers its data, and rejects when there are errors or no answer. */
export const ask = async ({ url }: Server, query: string, variables: object = {}): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
};
