import { expect, it } from 'vitest';
import { appendMany, commitTo, follow, openLog, placesOf, startServer } from './support.ts';

it('resumes a subscription behind the last batch, without gap or repetition', async () => {
  const server = await startServer();
  const { log, states } = await openLog(server.url);
  const before = await appendMany(log, 20, 'execution-before');
  const subscription = follow(log);
  await subscription.until((events, { caughtUp }) => caughtUp && events.length === 20);

  for (const round of ['a', 'b']) {
    await server.stop();
    await server.restart();
    await log.append(commitTo(`execution-${round}`, 3));
  }

  await subscription.until((events) => events.length === 26);
  expect(placesOf(subscription.events)).toEqual([
    ...placesOf(subscription.events.slice(0, 20)),
    ...['a', 'b'].flatMap((round) => [0, 1, 2].map((revision) => `execution-${round}@${revision}`)),
  ]);
  expect(new Set(placesOf(subscription.events)).size).toBe(26);
  expect(before).toHaveLength(20);
  expect(states.at(-1)).toEqual({ status: 'available' });
});

it('notices that a subscription keeps something back, and reads it from the log', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url, { silence: 50, readTimeout: 100 });
  const subscription = follow(log);
  await subscription.until((_, { caughtUp }) => caughtUp);

  server.faults.silence(true);
  await log.append(commitTo('execution-1', 2));
  await log.append(commitTo('execution-2', 2));
  await subscription.until((events) => events.length === 4);
  server.faults.silence(false);
  await log.append(commitTo('execution-3'));
  await subscription.until((events) => events.length === 5);

  expect(placesOf(subscription.events)).toEqual([
    'execution-1@0',
    'execution-1@1',
    'execution-2@0',
    'execution-2@1',
    'execution-3@0',
  ]);
});
