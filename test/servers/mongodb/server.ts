import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { buildMongo } from './build.ts';

/** Where a server keeps its data and listens; what is left out is chosen. */
export interface MongoServerOptions {
  readonly folder?: string;
  readonly port?: number;
}

/** A MongoDB server of the test's own. */
export interface MongoServer {
  /** `mongodb://127.0.0.1:<port>`: the same after a restart. */
  readonly url: string;
  /** Sends a signal; with one that ends the server, resolves when it has ended. */
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Starts it again on the same folder and port, and resolves when it answers. */
  start(): Promise<void>;
  /** Ends it for good; its data goes unless the folder was given. */
  stop(): Promise<void>;
}

interface Running {
  readonly url: string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<unknown>;
}

const run = async (program: string, folder: string, port: number): Promise<Running> => {
  const child = spawn(program, [`127.0.0.1:${port}`, folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4_000)));
  // A server that was killed does not read any more.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const url: unknown = await Promise.race([
    once(lines, 'line').then(([line]: unknown[]) => line),
    ended.then(() => undefined),
  ]);
  if (typeof url !== 'string') throw new Error(`Expected FerretDB to listen, but it ended: ${said}`);
  return { url: url.replace(/\/$/, ''), ended, signal: (name) => child.kill(name) };
};

/** Resolves when the server answers a ping. */
const untilItAnswers = async (url: string): Promise<void> => {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 20_000 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
};

/** Starts a server on 127.0.0.1 and resolves when it answers. Rejects with `NoMongo` when there is no program. */
export const startMongo = async (options: MongoServerOptions = {}): Promise<MongoServer> => {
  const program = await buildMongo();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sagalog-mongodb-')));
  let running: Running | undefined = await run(program, folder, options.port ?? 0);
  const { url } = running;
  await untilItAnswers(url);

  const signal: MongoServer['signal'] = async (name) => {
    const server = running;
    server?.signal(name);
    if (name === 'SIGSTOP' || name === 'SIGCONT') return;
    await server?.ended;
    running = undefined;
  };

  return {
    url,
    signal,
    async start() {
      running ??= await run(program, folder, Number(new URL(url).port));
      await untilItAnswers(url);
    },
    async stop() {
      // A server that is suspended would take no other.
      await signal('SIGKILL');
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
};
