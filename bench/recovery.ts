import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '../test/e2e/server-process.ts';
import { percentiles, round } from './figures.ts';
import { generate } from './generate.ts';
import type { Scenario } from './scenario.ts';

const FINISHED = 1_000_000;
const ACTIVE = [0, 100, 1_000, 10_000];
const TIMES = 3;
const POLL = 2;

const ACTIVITIES = fileURLToPath(new URL('./activities', import.meta.url));

/** Milliseconds from the spawn of a server until it listens, and until it can be given work. */
interface Start {
  readonly listening: number;
  readonly ready: number;
}

/** Starts a server on a folder and kills it once it is ready. */
const timeToReady = async (data: string): Promise<Start> => {
  const from = performance.now();
  const server = await startServerProcess({
    SAGALOG_DATA: data,
    SAGALOG_ACTIVITIES: ACTIVITIES,
    NODE_ENV: 'production',
  });
  const listening = performance.now() - from;
  while ((await server.get('/readyz')).status !== 200) await pause(POLL);
  const ready = performance.now() - from;
  await server.kill('SIGKILL');
  return { listening, ready };
};

const timeOfNode = async (): Promise<number> => {
  const from = performance.now();
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit');
  return performance.now() - from;
};

const several = async <T>(work: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let n = 0; n < TIMES; n += 1) results.push(await work());
  return results;
};

const summary = (starts: readonly Start[]) => ({
  listening: percentiles(starts.map(({ listening }) => listening)).p50,
  ready: percentiles(starts.map(({ ready }) => ready)).p50,
  slowest: round(Math.max(...starts.map(({ ready }) => ready))),
});

/**
 * Time to ready of the built server, in processes of its own that are killed, by how many executions are running,
 * with many finished ones behind; beside it that of an empty server, and that of a Node that does nothing.
 */
export const runRecovery: Scenario = async ({ folder, executions: finished = FINISHED }) => {
  const node = percentiles(await several(timeOfNode)).p50;
  const data = join(folder, 'recovery');
  const from = performance.now();
  await generate(data, { finished });
  const generated = round((performance.now() - from) / 1_000);
  const byActive = [];
  let before = 0;
  for (const active of ACTIVE) {
    await generate(data, { running: active - before });
    before = active;
    const empty: Start[] = [];
    // In turn, since what else the machine does changes from minute to minute.
    const starts = await several(async () => {
      empty.push(await timeToReady(join(folder, 'empty')));
      return timeToReady(data);
    });
    byActive.push({ active, ...summary(starts), empty: summary(empty) });
  }
  return {
    lines: [
      `${finished} finished executions, written and folded in ${generated.toFixed(0)} s`,
      `node -e '': ${node.toFixed(0)} ms`,
      ...byActive.map(
        ({ active, ready, slowest, empty }) =>
          `${active} running: ready after ${ready.toFixed(0)} ms, at most ${slowest.toFixed(0)} ms (an empty server in turn: ${empty.ready.toFixed(0)} ms)`,
      ),
    ],
    figures: { finished, generated, times: TIMES, floor: { node }, byActive },
  };
};
