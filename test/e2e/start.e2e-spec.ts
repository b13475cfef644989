import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startServerProcess } from './server-process.ts';

const GOOD = 'execution:\n  workflow: good\n  activities:\n    - name: note\n      activity: log\n';
const BAD = 'execution:\n  workflow: bad\n  activities:\n    - name: note\n      activty: log\n';

/** A folder with files of these names. */
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = join(temporaryFolder(), 'files');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const failing = (env: Readonly<Record<string, string>>): Promise<unknown> =>
  startServerProcess({ SAGALOG_DATA: temporaryFolder(), ...env }).then(
    async (server) => {
      const code = await server.ended;
      return { code, log: server.log() };
    },
    (error: Error) => error.message,
  );

describe('a server that cannot start ends with what to do about it', () => {
  it('of a variable that is wrong', async () => {
    expect(await failing({ PORT: 'four' })).toContain('PORT: expected a whole number from 0 to 65535');
  });

  it('of a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const message = await failing({ PORT: String(port) });
    expect(message).toContain(`PORT: expected a port of 127.0.0.1 to listen at, but found ${port}:`);
  });

  it('of a definition with a problem, naming the file and the line', async () => {
    const folder = folderOf({ 'bad.yaml': BAD, 'good.yaml': GOOD });
    expect(await failing({ SAGALOG_WORKFLOWS: folder })).toMatchObject({
      code: 1,
      log: expect.stringMatching(/bad\.yaml: Expected a definition[^]*5:7 [^]*activty/) as string,
    });
  });

  it('of a folder that is not there', async () => {
    const folder = join(temporaryFolder(), 'nowhere');
    expect(await failing({ SAGALOG_WORKFLOWS: folder })).toMatchObject({
      code: 1,
      log: expect.stringContaining(
        `SAGALOG_WORKFLOWS: expected a folder of definitions, but found ${folder}`,
      ) as string,
    });
    expect(await failing({ SAGALOG_ACTIVITIES: folder })).toContain(folder);
  });

  it('of an activity module that does not load', async () => {
    const folder = folderOf({ 'broken.ts': 'export const x = ;' });
    expect(await failing({ SAGALOG_ACTIVITIES: folder })).toContain('broken.ts: Expected a module');
  });

  it('of a data folder that another server uses', async () => {
    const data = temporaryFolder();
    const first = await startServerProcess({ SAGALOG_DATA: data });
    onTestFinished(() => void first.kill('SIGKILL'));
    expect(await failing({ SAGALOG_DATA: data })).toContain('Expected to be the only one that writes to');
  });
});

describe('a server that starts', () => {
  it('registers its folder once, warns of what nobody serves, and ends with 0 when it is told to', async () => {
    const folder = folderOf({
      'good.yaml': GOOD,
      'unserved.yaml': GOOD.replace('good', 'unserved').replace('log', 'fax'),
    });
    const env = { SAGALOG_DATA: temporaryFolder(), SAGALOG_WORKFLOWS: folder, SAGALOG_LOG: 'info' };
    for (const times of [1, 2]) {
      const server = await startServerProcess(env);
      await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
      expect(await server.get('/healthz')).toEqual({ status: 200, body: '{"status":"ok"}' });
      await expect
        .poll(server.log)
        .toMatch(/"line":5,[^\n]*Expected an activity that is served, but nobody serves \\"fax\\"/);
      await expect
        .poll(() => server.log().match(/Registered a workflow/g) ?? [])
        .toHaveLength(times === 1 ? 2 : 0);
      await expect
        .poll(() => server.query('{ workflows { nodes { name } } }'))
        .toEqual({ workflows: { nodes: [{ name: 'good' }, { name: 'unserved' }] } });
      expect(await server.kill(times === 1 ? 'SIGTERM' : 'SIGINT')).toBe(0);
    }
  });
});
