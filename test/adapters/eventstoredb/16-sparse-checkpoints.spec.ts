import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect, it, onTestFinished } from 'vitest';
import { START } from '../../../src/ports/event-log.ts';
import { commitTo, follow, openLog, startServer } from './support.ts';

it('says how far the log was looked through, without waiting for a checkpoint', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url, { silence: 20 });
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(() => client.dispose());
  const foreign = Array.from({ length: 40 }, () => jsonEvent({ type: 'ordered', data: {} }));
  await client.appendToStream('orders-1', foreign);

  const subscription = follow(log, { after: START });
  await subscription.until((_, { caughtUp }) => caughtUp);
  expect(subscription.batches.at(-1)?.position).toBe(await log.end());

  await client.appendToStream('orders-1', jsonEvent({ type: 'ordered', data: {} }));
  const end = await log.end();
  await subscription.until((_, { position }) => position === end);

  await log.append(commitTo('execution-1'));
  await subscription.until((events) => events.length === 1);
});
