import { expect, it } from 'vitest';
import { START } from '../../../src/ports/event-log.ts';
import { appendMany, openLog, placesOf, startServer } from './support.ts';

it('brings everything behind the last batch taken, however far it had read ahead', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const streams = await appendMany(log, 60);
  const seen: string[] = [];
  let after = START;

  while (seen.length < streams.length) {
    const { signal } = new AbortController();
    for await (const batch of log.subscribe({ after, signal, batch: 7 })) {
      seen.push(...placesOf(batch.events));
      after = batch.position;
      break;
    }
  }

  expect(seen.toSorted()).toEqual(streams.map((stream) => `${stream}@0`).toSorted());
});
