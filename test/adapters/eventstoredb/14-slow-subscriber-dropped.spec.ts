import { expect, it } from 'vitest';
import { appendMany, follow, openLog, placesOf, startServer } from './support.ts';

it('resumes when the server drops the subscription as too slow', async () => {
  const server = await startServer();
  const { log, states } = await openLog(server.url);
  const subscription = follow(log);
  await subscription.until((_, { caughtUp }) => caughtUp);
  server.faults.dropSlowConsumer(5, 3);

  const streams = await appendMany(log, 40);

  await subscription.until((events) => events.length === 40);
  expect(placesOf(subscription.events).toSorted()).toEqual(streams.map((stream) => `${stream}@0`).toSorted());
  expect(server.faults.fired.dropSlowConsumer).toBe(3);
  expect(states).toEqual([]);
});

it('resumes when the server fails the subscription', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  server.faults.failSubscription(2);
  const subscription = follow(log);
  await subscription.until((_, { caughtUp }) => caughtUp);

  await appendMany(log, 10);

  await subscription.until((events) => events.length === 10);
  expect(server.faults.fired.failSubscription).toBe(2);
});
