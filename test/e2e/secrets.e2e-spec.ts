import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPartsIn } from '../../src/domain/access/key-text.ts';
import { createBySocket } from '../fuzz/by-socket.ts';
import { HIDDEN, SAID, SECRETS, startPlanted, type PlantedServer } from '../fuzz/planted.ts';
import { asker, settle } from '../fuzz/settled.ts';
import { startServerProcess } from './server-process.ts';

/** A secret as it may be written somewhere. */
const spellings = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
];

/** The secrets that a text or a file has. */
const leaksIn = (content: string | Buffer, secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => spellings(secret).some((spelling) => content.includes(spelling)));

/** What nobody else knows of a key; it has underscores of its own at times. */
const secretIn = (key: string): string => {
  const parts = keyPartsIn(key);
  if (parts === undefined) throw new Error(`the server gave out ${key}, which is no key`);
  return parts.secret;
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

const EVERYTHING = `query ($id: ID!) {
  execution(id: $id) { status output error { type message } }
  timeline(executionId: $id, first: 100) { nodes { step status input output error { type message } } }
  events(executionId: $id, first: 100) { nodes { type facts payload metadata } } }`;

const NEW_KEY = 'mutation { createApiKey(name: "ci", roles: [{ role: VIEWER }]) { key } }';

describe('secrets', () => {
  let planted: PlantedServer;
  /** What clients were told. */
  const told: string[] = [];
  const secrets = [...HIDDEN];

  beforeAll(async () => {
    planted = await startPlanted({ SAGALOG_LOG: 'trace', NODE_ENV: 'development' });
    const { server, admin, as } = planted;
    const { known } = await settle(planted);
    const { authorization = '' } = await as({ tenant: 'beta' });
    const wrong = `${authorization}x`;
    secrets.push(authorization.replace('Bearer ', ''), wrong.replace('Bearer ', ''));
    const { createApiKey } = await asker(server.url)<{ createApiKey: { key: string } }>(admin, NEW_KEY);
    secrets.push(createApiKey.key, secretIn(createApiKey.key));
    const key = { authorization: `Bearer ${createApiKey.key}` };
    const post = async (headers: object, body: string): Promise<void> => {
      const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
      told.push(await (await fetch(server.url, request)).text());
    };
    for (const id of known.executions.slice(0, 3))
      await post(admin, JSON.stringify({ query: EVERYTHING, variables: { id } }));
    const failed =
      '{ notifications(first: 50) { nodes { status error { type message } } } logs { nodes { message } } }';
    await post(admin, JSON.stringify({ query: failed }));
    for (const headers of [
      { authorization: wrong },
      { authorization },
      { authorization: `Basic ${wrong}` },
      key,
    ])
      for (const body of ['{ nothing }', '{"query":"{ nodes { name } }"}', '{"query":"{"}'])
        await post(headers, body);
    const socket = createBySocket(server.url, { authorization: wrong });
    told.push((await socket.send('{"query":"{ nodes { name } }"}', false)).text);
    for (const path of ['/metrics', '/readyz', '/workers/claim', '/events/a'])
      told.push(await (await fetch(new URL(path, server.url), { headers: admin })).text());
    await planted.server.kill('SIGTERM');
  });

  afterAll(() => planted.close());

  it('are at work, so that there is something to be found', () => {
    expect(told.join('\n')).toMatch(/"status":"FAILED"/);
    expect(planted.server.log()).toContain('"level":20');
  });

  it('are in nothing that anybody is told', () => {
    expect(told.flatMap((text) => leaksIn(text, secrets))).toEqual([]);
  });

  it('are not in what the server prints, whatever it is to log', () => {
    expect(leaksIn(planted.server.log() + planted.server.output(), secrets)).toEqual([]);
  });

  it('are in none of its files', async () => {
    const files = await filesIn(planted.data);
    expect(files.map((file) => file.split('/').at(-1))).toEqual(
      expect.arrayContaining(['events.db', 'views.db']),
    );
    const leaks = await Promise.all(
      files.map(async (file) => leaksIn(await readFile(file), secrets).map((secret) => `${file}: ${secret}`)),
    );
    expect(leaks.flat()).toEqual([]);
    // What stands there in the open is found.
    const said = await Promise.all(files.map(async (file) => leaksIn(await readFile(file), [SAID])));
    expect(said.flat()).not.toEqual([]);
  });

  it('are not in the schema, which says nothing of where the server keeps them either', async () => {
    const schema = await readFile('schema.graphql', 'utf8');
    expect(leaksIn(schema, [...Object.keys(SECRETS), 'process.env'])).toEqual([]);
  });

  it('that cannot be used are not shown when the server does not start', async () => {
    const short = {
      ...SECRETS,
      SAGALOG_JWT_SECRET: 'short-secret',
      SAGALOG_SMTP_URL: 'ftp://robot:bad-secret@x',
    };
    const failure = await startServerProcess({ ...short, SAGALOG_DATA: planted.data }).then(
      () => 'it starts',
      String,
    );
    expect(failure).toMatch(/SAGALOG_JWT_SECRET: expected .*SAGALOG_SMTP_URL: expected/s);
    expect(leaksIn(failure, [...HIDDEN, 'short-secret', 'bad-secret'])).toEqual([]);
  });
});
