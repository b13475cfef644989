import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { followEnds } from '../e2e/follow-ends.ts';
import { startServerProcess } from '../e2e/server-process.ts';
import type { Answers } from './callers.child.ts';
import { untilStarted } from './load.ts';
import { watchMemory } from './memory.ts';

const WORKFLOWS = fileURLToPath(new URL('workflows', import.meta.url));
const CALLERS = fileURLToPath(new URL('callers.child.ts', import.meta.url));

const LIMIT = 10;
/** Milliseconds of each of the two calls of an execution: at most so many fit into a second. */
const CALL_TIME = 250;
const CAPACITY = LIMIT / ((2 * CALL_TIME) / 1_000);
const TIMES = 20;
/** A minute shows no more than this does, and every run of all tests would wait for it: OVERLOAD_SECONDS=60 asks for one. */
const SECONDS = Number(process.env['OVERLOAD_SECONDS'] ?? '10');
/** With gigabytes to spare, Node would let garbage lie for minutes and a leak would not stand out. */
const SMALL_HEAP = '--max-old-space-size=128 --max-semi-space-size=8';
const MIB = 1_048_576;

const callAt = async (url: string, rate: number, seconds: number, file: string): Promise<Answers> => {
  const child = spawn(process.execPath, [CALLERS, url, String(rate), String(seconds), file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'exit');
  return JSON.parse(await readFile(file, 'utf8')) as Answers;
};

it(
  `sheds what is asked of it beyond its capacity at ${TIMES} times that, and its memory stays flat`,
  async () => {
    const data = temporaryFolder();
    const server = await startServerProcess({
      SAGALOG_DATA: data,
      SAGALOG_WORKFLOWS: WORKFLOWS,
      SAGALOG_ACTIVITIES: WORKFLOWS,
      SAGALOG_MAX_PENDING: String(LIMIT),
      CHAOS_CALLS: join(data, 'calls.txt'),
      CHAOS_CALL_TIME: String(CALL_TIME),
      NODE_OPTIONS: SMALL_HEAP,
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    const ends = followEnds();
    ends.attach(server.url);
    await untilStarted(server);

    const memory = watchMemory(server.pid);
    const answers = await callAt(server.url, TIMES * CAPACITY, SECONDS, join(data, 'answers.json'));
    await memory.stop();
    await ends.reach(answers.accepted.length);
    expect(await server.kill('SIGTERM')).toBe(0);

    const { asked, accepted, refused, retryAfter } = answers;
    const shed = refused['OVERLOADED'] ?? 0;
    expect(refused).toEqual({ OVERLOADED: shed });
    expect(shed + accepted.length).toBe(asked);
    expect(shed).toBeGreaterThan(accepted.length);
    expect(retryAfter).toEqual(['1', 1_000]);
    expect(ends.ids.toSorted()).toEqual(accepted.toSorted());

    const log = await openSqliteLog({ path: data });
    const started = new Set<string>();
    const signal = AbortSignal.timeout(120_000);
    for await (const { events, caughtUp } of log.subscribe({ after: 0n, signal })) {
      for (const { stream } of events) if (stream.startsWith('execution-')) started.add(stream);
      if (caughtUp) break;
    }
    await log.close();
    expect(started.size, 'executions in the log').toBe(accepted.length);

    // By the middle everything has been loaded, compiled and collected at least once.
    const half = Math.floor(memory.samples.length / 2);
    const [before, after] = [memory.samples.slice(0, half), memory.samples.slice(half)].map((part) =>
      Math.max(...part),
    ) as [number, number];
    console.log(
      `${asked} asked for in ${SECONDS} s (capacity ${CAPACITY}/s): ${accepted.length} accepted and ended, ${shed} shed; ` +
        `memory at most ${Math.round(before / MIB)} MiB in the first half, ${Math.round(after / MIB)} MiB in the second.`,
    );
    expect(after).toBeLessThan(before * 1.25);
  },
  SECONDS * 10_000 + 120_000,
);
