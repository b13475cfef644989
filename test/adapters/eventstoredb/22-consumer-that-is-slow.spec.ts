import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { appendMany, follow, openLog, placesOf, startServer } from './support.ts';

it('gets everything in order although its buffer is small, and slows nobody else', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url, { buffer: 4 });
  const slow = follow(log, { batch: 2 }, async () => {
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  });
  const quick = follow(log);
  await quick.until((_, { caughtUp }) => caughtUp);
  await slow.until((_, { caughtUp }) => caughtUp);

  await appendMany(log, 200);

  await quick.until((events) => events.length === 200);
  await slow.until((events) => events.length === 200);
  expect(placesOf(slow.events)).toEqual(placesOf(quick.events));
  expect(slow.events.map(({ position }) => position)).toEqual(
    slow.events.map(({ position }) => position).toSorted((a, b) => Number(a - b)),
  );
});
