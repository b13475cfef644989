import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openMetrics } from '../../src/adapters/telemetry/metrics.ts';
import { readConfig } from '../../src/config.ts';
import type { Readiness } from '../../src/graphql/health.controller.ts';
import { startServer } from '../../src/server.ts';
import { viewsFile } from '../../src/views-file.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { runs } from '../projections/tally.ts';
import { sealAll } from '../spec/given.ts';

const PATIENCE = { timeout: 60_000, interval: 20 };

/** A server on embedded stores as its process has it, and the threads that it has started. */
const openWatched = async () => {
  const workers: Worker[] = [];
  const created = (worker: Worker): void => void workers.push(worker);
  process.on('worker', created);
  onTestFinished(() => void process.off('worker', created));
  const data = temporaryFolder();
  const failures: AggregateError[] = [];
  const metrics = openMetrics((error) => void failures.push(error));
  const logger = keepingLogger();
  const config = readConfig({ SAGALOG_DATA: data, PORT: '0' });
  const server = await startServer({ config, logger, metrics, development: false });
  onTestFinished(() => server.close());
  await server.started;
  const { projector, threads } = server.core;
  metrics.watch({
    views: () => projector.status(),
    busy: () => 0,
    threads: () => threads?.list() ?? [],
  });
  const get = (path: string) => fetch(new URL(path, server.url));
  return {
    ...server,
    data,
    failures,
    logger,
    workers,
    readiness: async () => {
      const answer = await get('/readyz');
      const { parts } = (await answer.json()) as Pick<Readiness, 'parts'>;
      return [answer.status, parts.threads];
    },
    /** What /metrics says of threads. */
    figures: async (): Promise<readonly string[]> => {
      const lines = (await (await get('/metrics')).text()).split('\n');
      return lines.filter((line) => line.startsWith('sagalog_thread'));
    },
  };
};

it('says which of its threads have ended, and that it is not ready until they work again', async () => {
  const server = await openWatched();
  expect(await server.readiness()).toEqual([200, { ok: true }]);
  expect(await server.figures()).toEqual([
    'sagalog_threads_ended_total{thread="log_writer"} 0',
    'sagalog_threads_ended_total{thread="projector"} 0',
    'sagalog_threads_ended_total{thread="journal_copier"} 0',
    'sagalog_threads_ended_total{thread="rebuild_hand"} 0',
    'sagalog_thread_running{thread="log_writer"} 1',
    'sagalog_thread_running{thread="projector"} 1',
    'sagalog_thread_running{thread="journal_copier"} 1',
    'sagalog_thread_running{thread="rebuild_hand"} 1',
  ]);
  expect(server.failures).toEqual([]);
  const file = viewsFile(server.data);
  // What is open stays so; whoever opens it now cannot.
  renameSync(file, `${file}-aside`);
  mkdirSync(file);
  await server.workers[0]?.terminate();
  const problem = expect.stringContaining('projector has ended, and is started again: ');
  await vi.waitFor(
    async () => expect(await server.readiness()).toEqual([503, { ok: false, problem }]),
    PATIENCE,
  );
  // Only figures of views cannot be taken then.
  const threads = await server.figures();
  expect(threads).toContain('sagalog_thread_running{thread="projector"} 0');
  expect(threads).toContain('sagalog_threads_ended_total{thread="log_writer"} 0');
  expect(server.failures).toHaveLength(1);
  rmdirSync(file);
  renameSync(`${file}-aside`, file);
  await vi.waitFor(async () => expect(await server.readiness()).toEqual([200, { ok: true }]), PATIENCE);
  const then = await server.figures();
  expect(then).toContain('sagalog_thread_running{thread="projector"} 1');
  expect(then).not.toContain('sagalog_threads_ended_total{thread="projector"} 0');
}, 120_000);

it('counts a log writer that was killed, and loses nothing of what it was writing', async () => {
  const server = await openWatched();
  const { log } = server.core;
  let appended = 0;
  const append = async (count: number): Promise<void> => {
    const commits = sealAll(runs(count, appended)).filter(({ revision }) => revision === 0);
    appended += count;
    await Promise.all(commits.map((commit) => log.append(commit)));
  };
  const before = server.workers.length;
  // So many at once go to a thread, as soon as there is one.
  await vi.waitFor(async () => {
    await append(50);
    expect(server.workers.length).toBeGreaterThan(before);
  }, PATIENCE);
  await server.workers.at(-1)?.terminate();
  await vi.waitFor(
    async () =>
      expect(await server.figures()).toEqual(
        expect.arrayContaining([
          'sagalog_threads_ended_total{thread="log_writer"} 1',
          'sagalog_thread_running{thread="log_writer"} 1',
        ]),
      ),
    PATIENCE,
  );
  expect(server.logger.lines).toContainEqual({
    level: 'error',
    fields: { thread: 'log_writer', err: expect.any(Error) },
    message: 'The thread that writes the log has ended; it is started again.',
  });
  await append(50);
  expect(await server.readiness()).toEqual([200, { ok: true }]);
}, 120_000);
