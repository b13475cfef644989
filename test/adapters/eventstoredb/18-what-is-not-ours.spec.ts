import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect, it, onTestFinished } from 'vitest';
import { commitTo, follow, openLog, placesOf, startServer } from './support.ts';

it('is passed over, both when it was read and when it comes live', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(() => client.dispose());
  const foreign = async (): Promise<void> => {
    for (const stream of ['orders-1', 'execution-theirs', 'executions-1']) {
      await client.appendToStream(stream, jsonEvent({ type: 'step.completed', data: { facts: {} } }));
    }
    await client.setStreamMetadata('orders-1', { maxCount: 1 });
  };

  await foreign();
  await log.append(commitTo('execution-1', 2));
  await foreign();
  const subscription = follow(log);
  await subscription.until((_, { caughtUp }) => caughtUp);
  await foreign();
  await log.append(commitTo('workflow-1', 2));

  await subscription.until((events) => events.length === 4);
  expect(placesOf(subscription.events)).toEqual([
    'execution-1@0',
    'execution-1@1',
    'workflow-1@0',
    'workflow-1@1',
  ]);
  expect(await log.read('execution-theirs')).toEqual([]);
});
