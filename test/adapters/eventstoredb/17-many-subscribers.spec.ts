import { expect, it } from 'vitest';
import { appendMany, commitTo, follow, openLog, startServer } from './support.ts';

it('serves more subscribers than the server takes subscriptions, over one of them', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const [first = ''] = await appendMany(log, 3);
  const subscribers = Array.from({ length: 150 }, (_, index) =>
    follow(log, index % 2 ? {} : { filter: { stream: first } }),
  );
  for (const subscriber of subscribers) await subscriber.until((_, { caughtUp }) => caughtUp);

  const commit = commitTo('execution-news', 2);
  await log.append(commit);

  for (const [index, subscriber] of subscribers.entries()) {
    await subscriber.until((events) => events.length === (index % 2 ? 5 : 1));
  }
  expect(server.stats.subscriptions).toBe(1);
});
