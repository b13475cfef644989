import { expect, it } from 'vitest';
import { appendMany, openLog, revisionsOf, startServer } from './support.ts';

it('repeats every append that was under way, at the leader', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  server.faults.notLeader(2);

  const streams = await appendMany(log, 25);

  expect(server.faults.fired.notLeader).toBe(2);
  for (const stream of streams) expect(await revisionsOf(log, stream)).toEqual([0]);
});
