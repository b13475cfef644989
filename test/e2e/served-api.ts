import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startServerProcess } from './server-process.ts';

/** An error of the API. */
export interface ApiError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The API of a server with stores of its own. */
export interface ServedApi {
  readonly url: string;
  /** Its data folder. */
  readonly data: string;
  /** Answers with the data; rejects when there are errors. */
  query<T>(document: string, variables?: object): Promise<T>;
  /** The errors of an operation that is refused. */
  refusal(document: string, variables?: object): Promise<readonly ApiError[]>;
  /** What a subscription says over a socket, until it completes or nobody reads on. */
  follow<T extends object>(document: string, variables?: object): AsyncIterable<T>;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Ends the server at once, as a crash would; its data stays. */
  kill(): Promise<unknown>;
  close(): Promise<void>;
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly ApiError[];
}

/** Starts the server that was built, on empty stores or on those of one that was killed; they go when it is closed. */
export const serveApi = async (folder?: string): Promise<ServedApi> => {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'sagalog-api-')));
  const server = await startServerProcess({ SAGALOG_DATA: data });
  const { url } = server;
  const client = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket });
  return {
    url,
    data,
    query: server.query,
    get: server.get,
    kill: () => server.kill('SIGKILL'),
    refusal: async (query, variables = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { errors = [] } = (await response.json()) as Answer<unknown>;
      return errors;
    },
    follow: async function* <T extends object>(query: string, variables: object = {}) {
      for await (const { data, errors } of client.iterate<T>({ query, variables: { ...variables } })) {
        if (data == null) throw new Error(JSON.stringify(errors));
        yield data;
      }
    },
    close: async () => {
      await client.dispose();
      await server.kill('SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
};
