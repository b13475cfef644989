import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Core } from '../src/create-core.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import { percentiles, round, type Latency } from './figures.ts';
import { BENCH, generate, UNTIL } from './generate.ts';
import { openBenchCore } from './open-core.ts';
import type { Scenario } from './scenario.ts';

const COUNT = 100_000;
/** Milliseconds over which the timers are spread. */
const SPAN = 20_000;
const FLOOR_TIMERS = 2_000;
const IN_FLIGHT = 64;

const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

/** Notes how long after its time each timer's events were durable. */
const lateness = () => {
  const late: number[] = [];
  const decorate = (log: EventLog): EventLog => ({
    ...log,
    append: async (commit) => {
      const appended = await log.append(commit);
      const [first] = commit.events;
      if (first?.type === 'timer.fired')
        late.push(Date.now() - (JSON.parse(first.facts) as { readonly dueAt: number }).dueAt);
      return appended;
    },
  });
  return { late, decorate };
};

const open = (folder: string, log: (log: EventLog) => EventLog): Promise<Core> =>
  openBenchCore(folder, { decorations: { log } });

const dueTimes = (count: number, from: number): number[] =>
  Array.from({ length: count }, (_, n) => from + Math.round((n / count) * SPAN));

/** Waits for timers to come and go, with bare ones of Node beside them in another process. */
const watch = async (late: readonly number[], count: number, from: number): Promise<Lateness> => {
  const child = fileURLToPath(new URL('./late.child.ts', import.meta.url));
  const args = [child, String(from), String(SPAN), String(FLOOR_TIMERS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  while (late.length < count) await pause(10);
  return { timers: percentiles(late), floor: JSON.parse(stdout) as Latency };
};

interface Lateness {
  readonly timers: Latency;
  readonly floor: Latency;
}

/** When timers may be due at the earliest that are yet to be set. */
const afterSetting = (count: number): number => Date.now() + 10_000 + count / 2;

const startAll = async ({ engine, definitions, ids }: Core, times: readonly number[]): Promise<void> => {
  const definition = await definitions.startable('until');
  const left = times.values();
  const worker = async () => {
    for (const dueAt of left) {
      const id = ids.next();
      const input = new Date(dueAt).toISOString();
      await engine.executions.start(
        id,
        definition,
        { type: 'start', id, trigger: 'manual', input, event: null },
        BENCH,
      );
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
};

const inOneLife = async (folder: string, count: number) => {
  const { late, decorate } = lateness();
  const core = await open(folder, decorate);
  try {
    await core.start();
    await core.definitions.register(UNTIL, BENCH);
    const from = afterSetting(count);
    const times = dueTimes(count, from);
    const empty = heapUsed();
    await startAll(core, times.slice(0, count / 2));
    const half = heapUsed();
    await startAll(core, times.slice(count / 2));
    const full = heapUsed();
    if (Date.now() >= from) throw new Error('Expected all timers to be set before the first, but it is due.');
    const heap = {
      bytesPerTimer: Math.round((full - empty) / count),
      bytesPerFurtherTimer: Math.round((full - half) / (count / 2)),
    };
    return { heap, ...(await watch(late, count, from)) };
  } finally {
    await core.close();
  }
};

const afterRestart = async (folder: string, count: number) => {
  const from = afterSetting(count);
  await generate(folder, { waiting: dueTimes(count, from) });
  const { late, decorate } = lateness();
  const before = heapUsed();
  const began = performance.now();
  const core = await open(folder, decorate);
  try {
    await core.start();
    const ready = round(performance.now() - began);
    const heap = { bytesPerTimer: Math.round((heapUsed() - before) / count) };
    if (Date.now() >= from)
      throw new Error('Expected the server to be ready before the first timer, but it is due.');
    return { ready, heap, ...(await watch(late, count, from)) };
  } finally {
    await core.close();
  }
};

/** What many pending timers cost and how late they are durable, in one life of the server and after a restart. */
export const runTimers: Scenario = async ({ folder, executions: count = COUNT }) => {
  const first = await inOneLife(join(folder, 'timers'), count);
  const restarted = await afterRestart(join(folder, 'restarted'), count);
  const spread = ({ timers, floor }: Lateness) =>
    `p50 ${timers.p50} ms late, p99 ${timers.p99} ms (bare timers of Node at the same time: ${floor.p50}, ${floor.p99})`;
  return {
    lines: [
      `${count} pending timers: ${first.heap.bytesPerTimer} bytes of heap each, ${first.heap.bytesPerFurtherTimer} each of the second half`,
      `due within ${SPAN / 1_000} s: ${spread(first)}`,
      `after a restart, which took ${restarted.ready.toFixed(0)} ms and ${restarted.heap.bytesPerTimer} bytes each: ${spread(restarted)}`,
    ],
    figures: { count, span: SPAN, first, restarted },
  };
};
