import { expect, it } from 'vitest';
import { startRelay } from './relay.ts';
import { appendMany, commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('repeats every append that was under way, at the leader', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  server.faults.notLeader(2);

  const streams = await appendMany(log, 25);

  expect(server.faults.fired.notLeader).toBe(2);
  for (const stream of streams) expect(await revisionsOf(log, stream)).toEqual([0]);
});

it('stays with the leader when the node of the URL does not lead', async () => {
  const server = await startServer();
  const follower = await startRelay(server.port);
  const { log } = await openLog(`esdb://127.0.0.1:${follower.port}?tls=false`);
  server.faults.notLeader(1);

  await appendMany(log, 5, 'execution-before');
  follower.stall();
  const streams = await appendMany(log, 5, 'execution-after');

  for (const stream of streams) expect(await revisionsOf(log, stream)).toEqual([0]);
});

it.each(['fe80::1', 'no host', ''])(
  'goes back to the URL when the leader is said to be at "%s"',
  async (host) => {
    const server = await startServer();
    const { log } = await openLog(server.url, { readTimeout: 500 });
    server.faults.notLeader(1, host);

    await log.append(commitTo('execution-lost'));

    expect(server.faults.fired.notLeader).toBe(1);
    expect(await revisionsOf(log, 'execution-lost')).toEqual([0]);
  },
);
