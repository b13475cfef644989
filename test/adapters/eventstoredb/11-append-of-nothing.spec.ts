import { expect, it } from 'vitest';
import { commitTo, openLog, startServer } from './support.ts';

it('is refused, and the stream still does not exist', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);

  await expect(log.append(commitTo('execution-1', 0))).rejects.toThrow(RangeError);

  expect(await log.head('execution-1')).toBeUndefined();
  await log.append(commitTo('execution-1', 1));
  expect(await log.head('execution-1')).toMatchObject({ revision: 0 });
});
