import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  readonly url: string;
  /** Sends an operation; rejects with the errors' codes and messages when there are any. */
  query<T>(document: string, variables?: object): Promise<T>;
  /** The status and body of a path. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  readonly pid: number;
  /** What it has written to its log so far. */
  log(): string;
  /** What it has written to its standard output so far. */
  output(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const READY = /^Sagalog serves (http:\S+)/;

const urlOf = (child: ChildProcess, log: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`Expected the server to start, but it ended with ${code}:\n${log()}`)),
    );
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (line) => {
      const url = READY.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });

/** Whether a call failed because its server ended meanwhile, with or without a part of its answer. */
export const isCutOff = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof SyntaxError && error.message.includes('JSON'));

/** Starts a server on a free port; resolves when it listens. `program` is another way to start what was built. */
export const startServerProcess = async (
  env: Readonly<Record<string, string>>,
  program = MAIN,
): Promise<ServerProcess> => {
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', SAGALOG_LOG: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [written, printed] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const url = await urlOf(child, () => written);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    url,
    pid: child.pid ?? 0,
    log: () => written,
    output: () => printed,
    ended,
    query: async <T>(query: string, variables: object = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as {
        data: T;
        errors?: { message: string; extensions: { code: string } }[];
      };
      if (errors !== undefined)
        throw new Error(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('\n'));
      return data;
    },
    get: async (path) => {
      const response = await fetch(new URL(path, url));
      return { status: response.status, body: await response.text() };
    },
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};
