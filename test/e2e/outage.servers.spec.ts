import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startEventStore } from '../servers/eventstoredb/server.ts';
import { onOwnMongo } from '../servers/mongodb/on-mongo.ts';
import { startMongo } from '../servers/mongodb/server.ts';
import { followEnds } from './follow-ends.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const FIXTURE = fileURLToPath(new URL('kill', import.meta.url));
const BATCH = 20;

const START = `mutation ($key: String!) {
  startExecution(workflow: "killed", idempotencyKey: $key) { executionId }
}`;

const COUNTS = `query ($waitFor: Position) {
  monitoring(waitFor: $waitFor) { activeWorkflows completedToday cancelledToday failedToday }
  executions(first: 100, filter: { status: [COMPLETED] }, waitFor: $waitFor) { nodes { id } }
}`;

const keysOf = (round: string): readonly string[] => Array.from({ length: BATCH }, (_, n) => `${round}-${n}`);

const startAll = (server: ServerProcess, round: string): Promise<unknown[]> =>
  Promise.all(keysOf(round).map((key) => server.query(START, { key })));

const partsOf = async (server: ServerProcess): Promise<unknown> => {
  const { status, body } = await server.get('/readyz');
  const { parts } = JSON.parse(body) as { parts: Readonly<Record<string, { ok: boolean }>> };
  const missing = Object.entries(parts).flatMap(([name, { ok }]) => (ok ? [] : [name]));
  return [status, ...missing];
};

onOwnMongo('the whole server on EventStoreDB and MongoDB', () => {
  it('waits for the one that is away, says so, and goes on by itself, nothing lost and nothing twice', async () => {
    const data = temporaryFolder();
    const eventStore = await startEventStore({ data: join(data, 'events') });
    onTestFinished(() => eventStore.stop());
    const mongo = await startMongo();
    onTestFinished(() => mongo.stop());
    const env = {
      SAGALOG_DATA: data,
      SAGALOG_WORKFLOWS: FIXTURE,
      SAGALOG_ACTIVITIES: FIXTURE,
      SAGALOG_LOG: 'warn',
      EVENTSTORE_URL: eventStore.url,
      MONGODB_URL: `${mongo.url}/outage`,
      KILL_CALLS: join(data, 'calls.txt'),
    };
    let server = await startServerProcess(env);
    onTestFinished(() => void server.kill('SIGKILL'));
    const ends = followEnds();
    ends.attach(server.url);
    await expect.poll(() => partsOf(server)).toEqual([200]);
    await startAll(server, 'first');
    await ends.reach(BATCH);

    // Without its views the server goes on running executions.
    await mongo.signal('SIGKILL');
    await startAll(server, 'second');
    await ends.reach(2 * BATCH);
    await expect.poll(() => partsOf(server)).toEqual([503, 'readModels', 'projections']);
    await expect.poll(server.log).toContain('The projection waits for its store.');
    await mongo.start();
    await expect.poll(() => partsOf(server)).toEqual([200]);

    // Without its log nothing is accepted, and what is repeated with its key is carried out once.
    await startAll(server, 'third');
    await eventStore.stop();
    const early = startAll(server, 'fourth').catch((error: unknown) => error);
    await expect.poll(() => partsOf(server)).toEqual([503, 'log', 'projections']);
    await expect.poll(server.log).toContain('EventStoreDB does not answer; trying again.');
    await eventStore.restart();
    await early;
    await startAll(server, 'fourth');
    await ends.reach(4 * BATCH);
    await expect.poll(() => partsOf(server)).toEqual([200]);

    await server.kill('SIGKILL');
    server = await startServerProcess(env);
    await expect.poll(() => partsOf(server)).toEqual([200]);
    const counted = await server.query<{ monitoring: object; executions: { nodes: { id: string }[] } }>(
      COUNTS,
      {
        waitFor: ends.position,
      },
    );
    expect(counted.monitoring).toMatchObject({ activeWorkflows: 0, failedToday: 0, cancelledToday: 0 });
    const completed = counted.executions.nodes.map(({ id }) => id);
    expect(completed).toHaveLength(4 * BATCH);
    expect(ends.ids.toSorted()).toEqual(completed.toSorted());
  }, 180_000);
});
