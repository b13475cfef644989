import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, it, onTestFinished } from 'vitest';
import { isCondensed } from '../../../src/domain/truncation/condensed.ts';
import { fill } from '../../conformance/event-log-samples.ts';
import { condensing, eventsOf, places, streamsOf, truncate, wholeOf } from '../../ports/condensing.ts';
import { openLog, startServer } from './support.ts';

it('is read as a whole although streams were truncated', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  await fill(log, 'execution-1', 3, 2, 1);
  await fill(log, 'execution-2', 2, 1);
  await fill(log, 'execution-3', 2, 1);
  const before = eventsOf(await wholeOf(log));
  await condensing(log)(before, ['execution-1', 'execution-3'], 2);
  await truncate(log, before, ['execution-1', 'execution-3']);
  expect(await log.read('execution-1')).toHaveLength(1);
  const found = eventsOf(await wholeOf(log, 0n, 3)).filter(({ stream }) =>
    streamsOf(before).includes(stream),
  );
  expect(places(found)).toEqual(places(before));
  expect(found.filter(isCondensed)).toHaveLength(7);
});

it('keeps what an operator has said of the stream', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(() => client.dispose());
  await fill(log, 'execution-1', 3, 2, 1);
  await client.setStreamMetadata('execution-1', { title: 'set by an operator', truncateBefore: 1 });
  await log.truncate('execution-1', 3);
  const { metadata } = await client.getStreamMetadata('execution-1');
  expect(metadata).toMatchObject({ title: 'set by an operator', truncateBefore: 3 });
  await Promise.all([log.truncate('execution-1', 5), log.truncate('execution-1', 2)]);
  expect((await log.read('execution-1')).map(({ revision }) => revision)).toEqual([5]);
});
