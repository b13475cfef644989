import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import type { ServerProcess } from '../e2e/server-process.ts';
import { line, openChaos } from './open-chaos.ts';

const HOUR = 3_600_000;
/** Long enough for calls to be under way when the clock is set. */
const CALL_TIME = '150';

const openWith = (jumps: readonly number[]) =>
  openChaos({
    env: { CLOCK_JUMPS: jumps.join(), CHAOS_CALL_TIME: CALL_TIME },
    openLog: (path) => openSqliteLog({ path }),
  });

/** Starts an execution that waits for so long; answers its id. */
const startWait = async (server: ServerProcess, name: string, duration: string): Promise<string> => {
  const source = `workflow: ${name}\nactivities:\n  - name: rest\n    wait: { for: ${duration} }\n`;
  await server.query('mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }', {
    source,
  });
  const { startExecution } = await server.query<{ startExecution: { executionId: string } }>(
    `mutation { startExecution(workflow: "${name}") { executionId } }`,
  );
  return startExecution.executionId;
};

/** Sets the clock of a server by the next of its jumps; resolves when that is done. */
const setClock = async (server: ServerProcess, left: number): Promise<void> => {
  process.kill(server.pid, 'SIGUSR2');
  await expect.poll(server.log).toContain(`The clock was set; ${left} times more.`);
};

const statusOf = async (server: ServerProcess, id: string): Promise<string> => {
  const { execution } = await server.query<{ execution: { status: string } }>(
    'query ($id: ID!) { execution(id: $id) { status } }',
    { id },
  );
  return execution.status;
};

it('a clock that is set forward makes due what it says is due, and nothing else', async () => {
  const chaos = openWith([HOUR, 2 * HOUR]);
  const server = await chaos.start('none');
  await chaos.load.ask(server, 8);
  const short = await startWait(server, 'short', '30m');
  const long = await startWait(server, 'long', '2h');
  await setClock(server, 1);
  await chaos.load.ask(server);
  await chaos.ended(chaos.load.size + 1);
  await expect.poll(() => statusOf(server, short)).toBe('COMPLETED');
  expect(await statusOf(server, long)).toBe('RUNNING');

  await setClock(server, 0);
  await chaos.ended(chaos.load.size + 2);
  expect(await server.kill('SIGTERM')).toBe(0);
  const counts = await chaos.finish([short, long]);
  console.log(line('a clock set forward twice', counts));
  expect(counts.interrupted).toBe(0);
});

it('a clock that is set back delays only what waits for a time, until the clock says so', async () => {
  const chaos = openWith([-HOUR, HOUR + 120_000]);
  const server = await chaos.start('none');
  const short = await startWait(server, 'short', '60s');
  await chaos.load.ask(server, 8);
  await setClock(server, 1);
  await chaos.load.ask(server);
  // What waited at that moment, a run of the load or two and this one, waits on; all others end.
  await chaos.ended(chaos.load.size - 2);
  expect(await statusOf(server, short)).toBe('RUNNING');

  await setClock(server, 0);
  await chaos.ended(chaos.load.size + 1);
  expect(await server.kill('SIGTERM')).toBe(0);
  const counts = await chaos.finish([short]);
  console.log(line('a clock set back and set right', counts));
  expect(counts.interrupted).toBe(0);
});
