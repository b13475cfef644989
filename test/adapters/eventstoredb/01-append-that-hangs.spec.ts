import { expect, it } from 'vitest';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it.each([
  ['before it is written', { write: false }],
  ['after it was written', { write: true }],
])('repeats an append that is never answered, hung %s', async (_, how) => {
  const server = await startServer();
  const { log } = await openLog(server.url, { appendTimeout: 250 });
  server.faults.hangAppend(2, how);

  const commit = commitTo('execution-1', 3);
  const { position } = await log.append(commit);

  const events = await log.read('execution-1');
  expect(events.map(({ id }) => id)).toEqual(commit.events.map(({ id }) => id));
  expect(events.at(-1)?.position).toBe(position);
  expect(server.faults.fired.hangAppend).toBe(2);
});

it('repeats the appends that a batch stream takes with it when the server ends it quietly', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url, { appendTimeout: 250 });
  server.faults.endBatchQuietly(1);

  const streams = ['execution-1', 'execution-2', 'execution-3'];
  await Promise.all(streams.map((stream) => log.append(commitTo(stream, 2))));

  for (const stream of streams) expect(await revisionsOf(log, stream)).toEqual([0, 1]);
});

it('rejects with LOG_UNAVAILABLE when no try is answered, and the same append succeeds later', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url, { appendTimeout: 50, retry: { tries: 3, base: 1, cap: 1 } });
  server.faults.hangAppend(3, { write: true });

  const commit = commitTo('execution-1');
  await expect(log.append(commit)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  const { position } = await log.append(commit);

  expect((await log.read('execution-1')).map((event) => event.position)).toEqual([position]);
});
