import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sagalogAt, type Ran } from './sagalog-at.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const ADMIN_KEY = 'the-key-of-whoever-set-the-server-up';

let [data, server] = ['', undefined as ServerProcess | undefined];

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'sagalog-keys-'));
  server = await startServerProcess({ SAGALOG_DATA: data, SAGALOG_ADMIN_KEY: ADMIN_KEY });
});

afterAll(async () => {
  await server?.kill('SIGTERM');
  await rm(data, { recursive: true, force: true });
});

/** Runs a command as whoever has a token. */
const as = (token: string, ...args: readonly string[]): Promise<Ran> =>
  sagalogAt({ url: server?.url ?? '' }, { SAGALOG_TOKEN: token })(...args);

it('keys are made, listed and revoked by the command line, which takes them itself', async () => {
  const made = await as(ADMIN_KEY, 'keys', 'create', 'deploys', '--role', 'admin', '--tenant', 'acme');
  const [, id = ''] = /^sag_([0-9a-f-]{36})_[A-Za-z0-9_-]{43}\n$/.exec(made.output) ?? [];
  expect(made).toMatchObject({ code: 0, errors: `That is the key ${id}; it cannot be shown again.\n` });
  const key = made.output.trim();

  const limits = ['--role', 'operator', '--workflow', 'orders', '--tag', 'eu', '--expires', '90d'];
  const other = await as(key, 'keys', 'create', 'worker', ...limits);
  expect(other).toMatchObject({ code: 0, output: expect.stringMatching(/^sag_/) as string });
  const { output } = await as(key, 'keys', 'list');
  expect(output).toMatch(/worker +acme +operator \(orders, #eu\) +20/);
  expect(output).toMatch(new RegExp(`${id} +deploys +acme +admin +revoked`));
  expect(output).not.toContain(key.slice(-43));

  const revoked = { code: 0, output: `${id} is revoked\n` };
  expect(await as(ADMIN_KEY, 'keys', 'revoke', id, '--reason', 'lost')).toMatchObject(revoked);
  expect(await as(key, 'keys', 'list')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('UNAUTHENTICATED') as string,
  });
});
