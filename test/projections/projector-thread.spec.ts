import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import { startProjectorThread } from '../../src/projector-thread.ts';
import { createThreads } from '../../src/threads.ts';
import { viewsFile } from '../../src/views-file.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { sealAll } from '../spec/given.ts';
import { appendAll, documentsOf, liveDocuments } from './stores.ts';
import { runs } from './tally.ts';

const NAMES = PROJECTIONS.map(({ name }) => name);
const PATIENT = 60_000;

const world = () => {
  const logger = keepingLogger();
  return { clock: systemClock(), logger, threads: createThreads(logger) };
};

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'projector-thread-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
};

it('folds in its own thread what this one appends, for this one to read', async () => {
  const data = await folder();
  const log = await openSqliteLog({ path: data });
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  const projector = await startProjectorThread({ data, wake: log.wake }, world());
  const collections = liveCollections(readModels, projector);
  const history = runs(60);
  const commits = sealAll(history);
  for (let from = 0; from < commits.length; from += 20) {
    const end = await appendAll(log, commits.slice(from, from + 20));
    await projector.waitFor(end, NAMES, PATIENT);
    const shown = await readModels.find(await collections.of('executions'), { limit: 1_000 });
    expect(shown).toHaveLength((from + 20) / 2);
    expect(shown.map(({ doc }) => doc['status'])).toEqual(shown.map(() => 'completed'));
  }
  for (const name of NAMES) expect(await projector.rebuild(name)).toMatchObject({ generation: 2 });
  expect(await collections.of('executions')).toBe('executions_2');
  expect(await liveDocuments(readModels)).toEqual(documentsOf(history));
  collections.close();
  await projector.stop();
  await readModels.close();
  await log.close();
}, 60_000);

it('starts its thread again when it ends, and goes on where that had got to', async () => {
  const data = await folder();
  const log = await openSqliteLog({ path: data });
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  const { clock, logger, threads } = world();
  const created = once(process, 'worker') as Promise<[Worker]>;
  const projector = await startProjectorThread({ data, wake: log.wake }, { clock, threads });
  const told = new Set<bigint>();
  projector.onProgress((progress) => progress.forEach(({ position }) => told.add(position)));
  const history = runs(20);
  const commits = sealAll(history);
  await projector.waitFor(await appendAll(log, commits.slice(0, 10)), NAMES, PATIENT);
  const [worker] = await created;
  await worker.terminate();
  const end = await appendAll(log, commits.slice(10));
  await projector.waitFor(end, NAMES, PATIENT);
  expect(await liveDocuments(readModels)).toEqual(documentsOf(history));
  expect(told).toContain(end);
  expect(logger.lines).toMatchObject([
    { level: 'error', message: 'The thread that folds the views has ended; it is started again.' },
    { level: 'info', message: 'The thread that folds the views works again.' },
  ]);
  expect(threads.list()).toEqual([
    { name: 'projector', ends: 1, failure: undefined },
    { name: 'journal_copier', ends: 0, failure: undefined },
    { name: 'rebuild_hand', ends: 0, failure: undefined },
  ]);
  await projector.stop();
  await readModels.close();
  await log.close();
}, 60_000);

it('says that the thread has ended that copies the journal of the views, and what ended it', async () => {
  const data = await folder();
  const log = await openSqliteLog({ path: data });
  const { clock, logger, threads } = world();
  const projector = await startProjectorThread({ data, wake: log.wake }, { clock, threads });
  const [first, ...rest] = sealAll(runs(200)).map((commit) => [commit]);
  await projector.waitFor(await appendAll(log, first ?? []), NAMES, PATIENT);
  // What is open stays so; who opens it now cannot.
  await rename(viewsFile(data), `${viewsFile(data)}-aside`);
  await mkdir(viewsFile(data));
  for (const commits of rest) {
    await projector.waitFor(await appendAll(log, commits), NAMES, PATIENT);
    if (logger.lines.length > 0) break;
  }
  await vi.waitFor(() => expect(logger.lines).not.toEqual([]), { timeout: PATIENT, interval: 5 });
  expect(logger.lines[0]).toMatchObject({
    level: 'error',
    message: "The thread that copies the views' journal has ended; it is started again.",
    fields: { err: { message: 'unable to open database file' } },
  });
  expect(threads.list()).toMatchObject([
    { name: 'projector', ends: 0, failure: undefined },
    { name: 'journal_copier', failure: { message: 'unable to open database file' } },
    { name: 'rebuild_hand', ends: 0, failure: undefined },
  ]);
  await rmdir(viewsFile(data));
  await rename(`${viewsFile(data)}-aside`, viewsFile(data));
  // It is started again by itself, though nothing is folded.
  await vi.waitFor(() => expect(threads.list()[1]?.failure).toBeUndefined(), {
    timeout: PATIENT,
    interval: 5,
  });
  expect(logger.lines.at(-1)?.message).toBe("The thread that copies the views' journal works again.");
  await projector.stop();
  await log.close();
}, 60_000);

it('rejects when its thread cannot open the views', async () => {
  const data = await folder();
  const log = await openSqliteLog({ path: data });
  onTestFinished(() => log.close());
  await writeFile(viewsFile(data), 'this is no database\n'.repeat(1_000));
  await expect(startProjectorThread({ data, wake: log.wake }, world())).rejects.toThrow(
    `Expected ${viewsFile(data)} to hold read models, but file is not a database.`,
  );
});

it('counts each time that its thread cannot be started again, and works again once it can', async () => {
  const data = await folder();
  const log = await openSqliteLog({ path: data });
  const { clock, logger, threads } = world();
  const created = once(process, 'worker') as Promise<[Worker]>;
  const projector = await startProjectorThread({ data, wake: log.wake }, { clock, threads });
  const [worker] = await created;
  await rename(viewsFile(data), `${viewsFile(data)}-aside`);
  await mkdir(viewsFile(data));
  await worker.terminate();
  await vi.waitFor(() => expect(threads.list()[0]?.ends).toBeGreaterThanOrEqual(3), {
    timeout: PATIENT,
    interval: 5,
  });
  expect(threads.list()[0]?.failure).toMatchObject({ code: 'READ_MODELS_UNAVAILABLE' });
  await rmdir(viewsFile(data));
  await rename(`${viewsFile(data)}-aside`, viewsFile(data));
  await projector.waitFor(await appendAll(log, sealAll(runs(2))), NAMES, PATIENT);
  expect(threads.list()[0]?.failure).toBeUndefined();
  expect(logger.lines.at(-1)?.message).toBe('The thread that folds the views works again.');
  await projector.stop();
  await log.close();
}, 60_000);
