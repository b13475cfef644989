import { readFileSync } from 'node:fs';
import { AccessDeniedError } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { collect, connect, eventsOf, numbered, startServer } from './support.ts';

const CERTIFICATE = new URL('./tls/test-only.cert.pem', import.meta.url).pathname;
const KEY = new URL('./tls/test-only.key.pem', import.meta.url).pathname;

const start = async () => {
  const server = await startServer({ tls: { cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) } });
  const as = (user: string) =>
    connect(`esdb://${user}localhost:${server.port}?tls=true&tlsCAFile=${encodeURIComponent(CERTIFICATE)}`);
  return { server, as };
};

it('lets an administrator do all', async () => {
  const { as } = await start();
  const admin = as('admin:changeit@');

  expect(await admin.appendToStream('a-1', numbered(0))).toMatchObject({ nextExpectedRevision: 0n });
  expect(await eventsOf(admin.readAll())).toHaveLength(2);
  const watched = collect(admin.subscribeToAll());
  await watched.until(() => watched.caughtUp === 1);
  await expect(admin.deleteStream('a-1')).resolves.toHaveProperty('position');
});

it('keeps other users from the whole log', async () => {
  const { as } = await start();
  const ops = as('ops:changeit@');

  expect(await ops.appendToStream('a-1', numbered(0))).toMatchObject({ nextExpectedRevision: 0n });
  expect(await eventsOf(ops.readStream('a-1'))).toHaveLength(1);
  await expect(eventsOf(ops.readAll())).rejects.toBeInstanceOf(AccessDeniedError);
  expect(await collect(ops.subscribeToAll()).ended).toBeInstanceOf(AccessDeniedError);
});

it.each(['', 'admin:wrong@'])('denies everything to "%s"', async (user) => {
  const { as } = await start();
  const stranger = as(user);

  await expect(stranger.appendToStream('a-1', numbered(0))).rejects.toBeInstanceOf(AccessDeniedError);
  await expect(eventsOf(stranger.readStream('a-1'))).rejects.toBeInstanceOf(AccessDeniedError);
  await expect(stranger.deleteStream('a-1')).rejects.toBeInstanceOf(AccessDeniedError);
});

it('denies appends of a batch stream without credentials', async () => {
  const { as } = await start();

  await expect(as('').appendToStream('a-1', [numbered(0), numbered(1)])).rejects.toBeInstanceOf(
    AccessDeniedError,
  );
});
