import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** Packages that only some servers need, each by what makes one need it. */
const ON_DEMAND = [
  '@eventstore/db-client',
  '@grpc/grpc-js',
  'mongodb',
  '@opentelemetry/sdk-node',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/exporter-logs-otlp-http',
  'jose',
  'nodemailer',
  '@graphql-yoga/render-graphiql',
];

const JWT = { SAGALOG_JWT_SECRET: 'a secret that is long enough for HS256' };
const SMTP = { SAGALOG_SMTP_URL: 'smtp://127.0.0.1:2525' };

interface Listed {
  readonly server: ServerProcess;
  /** The packages that a kind of its threads has loaded so far. */
  loaded(thread: 'main' | 'worker'): readonly string[];
}

const listed = (env: Readonly<Record<string, string>>) => {
  const file = join(temporaryFolder(), 'packages.txt');
  const hook = new URL('./packages.hook.mjs', import.meta.url).href;
  const options = { NODE_OPTIONS: `--import ${hook}`, PACKAGES_FILE: file };
  return { file, env: { SAGALOG_DATA: temporaryFolder(), ...options, ...env } };
};

const startListed = async (asked: Readonly<Record<string, string>> = {}): Promise<Listed> => {
  const { file, env } = listed(asked);
  const server = await startServerProcess(env);
  onTestFinished(() => void server.kill('SIGKILL'));
  await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
  const loaded = (thread: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${thread} `))
      .map((line) => line.slice(thread.length + 1));
  return { server, loaded };
};

describe('a server loads', () => {
  it('no package that its settings do not ask for, and none at all to fold its views', async () => {
    const { loaded } = await startListed();
    expect(loaded('main')).toEqual(expect.arrayContaining(['sagalog', '@nestjs/core', 'pino']));
    expect(loaded('main').filter((name) => ON_DEMAND.includes(name))).toEqual([]);
    expect(new Set(loaded('worker'))).toEqual(new Set(['sagalog']));
  });

  it.each([
    ['jose', JWT],
    ['nodemailer', SMTP],
  ])('%s where it is asked for, and does not start without it', async (name, setting) => {
    const { loaded } = await startListed(setting);
    expect(loaded('main').filter((loaded) => ON_DEMAND.includes(loaded))).toEqual([name]);
    const { env } = listed({ ...setting, PACKAGE_AWAY: name });
    await expect(startServerProcess(env)).rejects.toThrow(`${name} is not installed`);
  });

  it('the explorer when a browser asks for it', async () => {
    const { server, loaded } = await startListed();
    const page = await fetch(server.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>Sagalog</title>');
    expect(loaded('main').filter((name) => ON_DEMAND.includes(name))).toEqual([
      '@graphql-yoga/render-graphiql',
    ]);
  });
});
