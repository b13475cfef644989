import { expect, it } from 'vitest';
import { appendMany, openLog, startServer } from './support.ts';

it('appends over one batch stream, with credentials in the URL too', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url.replace('esdb://', 'esdb://admin:changeit@'));

  await appendMany(log, 30);

  expect(server.stats).toMatchObject({ batchStreams: 1, appendsSeen: 30, appendsWritten: 30 });
});
