import { expect, it } from 'vitest';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('appends although another client of the process fails meanwhile', async () => {
  const [mine, others] = [await startServer(), await startServer()];
  const { log } = await openLog(mine.url);
  const { log: other } = await openLog(others.url);
  mine.faults.answerLate(100, 5);
  others.faults.dropConnection('before-write', 1);

  const streams = Array.from({ length: 5 }, (_, index) => `execution-${index}`);
  await Promise.all([
    ...streams.map((stream) => log.append(commitTo(stream, 2))),
    other.append(commitTo('execution-other')),
  ]);

  for (const stream of streams) expect(await revisionsOf(log, stream)).toEqual([0, 1]);
  expect(await revisionsOf(other, 'execution-other')).toEqual([0]);
});
