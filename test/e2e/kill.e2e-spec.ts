import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { followEnds } from './follow-ends.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const EXECUTIONS = 400;
const KILLS = 3;
const AT_ONCE = 40;
const FIXTURE = fileURLToPath(new URL('kill', import.meta.url));

const START = `mutation ($key: String!) {
  startExecution(workflow: "killed", idempotencyKey: $key) { executionId position }
}`;

/** Starts what nobody has confirmed yet; what a killed server leaves unanswered stays for the next one. */
const startAll = async (server: ServerProcess, started: Map<string, string>): Promise<void> => {
  const left = Array.from({ length: EXECUTIONS }, (_, n) => `key-${n}`).filter((key) => !started.has(key));
  const caller = async (): Promise<void> => {
    for (let key = left.shift(); key !== undefined; key = left.shift()) {
      const { startExecution } = await server.query<{ startExecution: { executionId: string } }>(START, {
        key,
      });
      started.set(key, startExecution.executionId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
};

const tally = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));

it(`ends every execution once, though the server is killed ${KILLS} times under load`, async () => {
  const data = temporaryFolder();
  const calls = join(data, 'calls.txt');
  const env = {
    SAGALOG_DATA: data,
    SAGALOG_WORKFLOWS: FIXTURE,
    SAGALOG_ACTIVITIES: FIXTURE,
    KILL_CALLS: calls,
  };
  const started = new Map<string, string>();
  const ends = followEnds();

  for (let kill = 1; kill <= KILLS; kill += 1) {
    const server = await startServerProcess(env);
    ends.attach(server.url);
    const starting = startAll(server, started).then(
      () => 'through',
      () => 'cut off',
    );
    await ends.reach(Math.round((EXECUTIONS * kill) / (KILLS + 1)));
    expect(await server.kill('SIGKILL')).toBeNull();
    await starting;
  }

  const server = await startServerProcess(env);
  ends.attach(server.url);
  await startAll(server, started);
  await ends.reach(EXECUTIONS);
  const { monitoring } = await server.query<{ monitoring: { activeWorkflows: number } }>(
    `query ($waitFor: Position) { monitoring(waitFor: $waitFor) { activeWorkflows } }`,
    { waitFor: ends.position },
  );
  expect(monitoring.activeWorkflows).toBe(0);
  expect(await server.kill('SIGTERM')).toBe(0);

  const ids = [...new Set(started.values())];
  expect(ids).toHaveLength(EXECUTIONS);
  expect(ends.ids.toSorted()).toEqual(ids.toSorted());

  const log = await openSqliteLog({ path: data });
  const histories: (readonly RecordedEvent[])[] = [];
  for (const id of ids) histories.push(await log.read(`execution-${id}`, { limit: 1_000 }));
  await log.close();
  let interrupted = 0;
  for (const [n, history] of histories.entries()) {
    expect(verifyChain(`execution-${ids[n]}`, history)).toMatchObject({ ok: true });
    const types = tally(history.map(({ type }) => type));
    expect(types.get('execution.started')).toBe(1);
    expect(types.get('execution.completed')).toBe(1);
    expect(types.get('step.completed')).toBe(types.has('step.skipped') ? 3 : 4);
    expect(types.get('timer.fired')).toBe(1);
    interrupted += history.filter(({ facts }) => facts['errorType'] === 'Interrupted').length;
  }

  const made = (await readFile(calls, 'utf8')).trim().split('\n');
  for (const [call, times] of tally(made)) expect(times, `attempt "${call}" was made twice`).toBe(1);
  const risky = made.filter((call) => call.includes(' third ')).map((call) => call.split(' ')[0] ?? '');
  for (const [id, times] of tally(risky)) expect(times, `${id} was called more than once`).toBe(1);
  console.log(
    `${KILLS} kills: ${ids.length} executions started, ${ends.ids.length} ended, 0 twice; ` +
      `${made.length} calls, ${interrupted} attempts interrupted.`,
  );
});
