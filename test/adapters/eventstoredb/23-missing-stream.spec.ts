import { expect, it } from 'vitest';
import { commitTo, follow, openLog, placesOf, startServer } from './support.ts';

it('says at once that it is caught up, and brings the first event when it comes', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  expect(await log.read('execution-1')).toEqual([]);
  expect(await log.head('execution-1')).toBeUndefined();

  const subscription = follow(log, { filter: { stream: 'execution-1' } });
  await subscription.until((events, { caughtUp }) => caughtUp && events.length === 0);
  await log.append(commitTo('execution-2'));
  await log.append(commitTo('execution-1', 2));

  await subscription.until((events) => events.length === 2);
  expect(placesOf(subscription.events)).toEqual(['execution-1@0', 'execution-1@1']);
});
