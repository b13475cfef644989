import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, it, onTestFinished } from 'vitest';
import { headAfter } from '../../../src/domain/chain.ts';
import { commitTo, openLog, startServer } from './support.ts';

it('has no part in where a stream ends', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(() => client.dispose());
  const commit = commitTo('execution-1', 3);
  await log.append(commit);

  await client.setStreamMetadata('execution-1', { title: 'set by an operator' });

  expect(await log.head('execution-1')).toEqual(headAfter(commit));
  const next = commitTo('execution-1', 1, headAfter(commit));
  await log.append(next);
  expect(await log.head('execution-1')).toEqual({ revision: 3, hash: next.hash });
});
