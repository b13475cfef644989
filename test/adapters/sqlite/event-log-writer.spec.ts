import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openToWrite } from '../../../src/adapters/sqlite/event-log-open.ts';
import { encode } from '../../../src/adapters/sqlite/event-log-row.ts';
import { prepareEnd } from '../../../src/adapters/sqlite/event-log-scan.ts';
import { writerThread, type WriterThread } from '../../../src/adapters/sqlite/event-log-writer.ts';
import { NO_STREAM } from '../../../src/domain/chain.ts';
import { commitOf, freshStream } from '../../conformance/event-log-samples.ts';
import { makeReadOnly } from './read-only.ts';
import { lookingAfter } from './looking-after.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PATIENCE = { timeout: 30_000, interval: 5 };

const threadFor = (file: string, world = lookingAfter()): WriterThread => {
  const writer = writerThread({ file, wake: new SharedArrayBuffer(4), busyTimeout: 100 }, world);
  onTestFinished(() => writer.close());
  return writer;
};

const row = (stream = freshStream()): (string | number)[] => encode(commitOf(stream, NO_STREAM, 2), 100_000);

it('is ready only when it can take groups', async () => {
  const file = join(temporaryFolder(), 'events.db');
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  const writer = threadFor(file);
  expect(writer.ready()).toBe(false);
  await writer.write(row());
  expect(writer.ready()).toBe(true);
});

it('answers each append of a group: its position, or where its stream ends', async () => {
  const file = join(temporaryFolder(), 'events.db');
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  const writer = threadFor(file);
  const same = row();
  const stream = freshStream();
  expect(await writer.write([...row(), ...same, ...row(stream)])).toEqual([2, 4, 6]);
  expect(await writer.write([...row(stream), ...same, ...row()])).toEqual([-2, 4, 8]);
});

it('leaves nothing behind of a group that it could not write whole', async () => {
  const file = join(temporaryFolder(), 'events.db');
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  const writer = threadFor(file);
  const unwritable = row() as unknown[];
  unwritable[6] = null;
  const group = [...row(), ...unwritable] as (string | number)[];
  await expect(writer.write(group)).rejects.toThrow('NOT NULL');
  expect(prepareEnd(opened.database)()).toBe(0);
  expect(await writer.write(row())).toEqual([2]);
});

it('fails what it was given when it ends by itself, says so, and is started again at once for what comes', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'later', 'events.db');
  const world = lookingAfter();
  const writer = threadFor(file, world);
  const failed = await Promise.allSettled([writer.write(row()), writer.write(row())]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(failed[0]).toMatchObject({ reason: { message: 'the writer thread ended' } });
  expect(failed[0]).toHaveProperty('reason.cause.message', 'unable to open database file');
  expect(world).toMatchObject({ failures: [{ message: 'unable to open database file' }], rests: [100] });
  expect(world.worked()).toBe(0);
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  expect(await writer.write(row())).toEqual([2]);
});

/** The threads that are started from now on in this process. */
const startedThreads = (): readonly Worker[] => {
  const workers: Worker[] = [];
  const created = (worker: Worker): void => void workers.push(worker);
  process.on('worker', created);
  onTestFinished(() => void process.off('worker', created));
  return workers;
};

it('says that it was killed while it did nothing, and is started again though nobody wants it', async () => {
  const workers = startedThreads();
  const file = join(temporaryFolder(), 'events.db');
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  const world = lookingAfter();
  const writer = threadFor(file, world);
  await writer.write(row());
  expect([world.worked(), writer.ready()]).toEqual([1, true]);
  await workers[0]?.terminate();
  expect(world).toMatchObject({ failures: [undefined], rests: [100] });
  expect(writer.ready()).toBe(false);
  // Whoever would start one tells of it in the next turn.
  await turn();
  expect(workers).toHaveLength(1);
  world.over();
  await vi.waitFor(() => expect(world.worked()).toBe(2), PATIENCE);
  expect([writer.ready(), workers.length]).toEqual([true, 2]);
  expect(await writer.write(row())).toEqual([4]);
});

it('is started again later each time that it ends before it has answered anything', async () => {
  const file = join(temporaryFolder(), 'later', 'events.db');
  const world = lookingAfter();
  const writer = threadFor(file, world);
  expect(writer.ready()).toBe(false);
  for (let ends = 1; ends <= 7; ends += 1) {
    await vi.waitFor(() => expect(world.failures).toHaveLength(ends), PATIENCE);
    // Nobody who appends hurries it.
    expect(writer.ready()).toBe(false);
    world.over();
  }
  await vi.waitFor(() => expect(world.failures).toHaveLength(8), PATIENCE);
  expect(world.rests).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  await writer.write(row());
  expect(world.failures).toHaveLength(8);
});

it('is not started again once it is closed', async () => {
  const workers = startedThreads();
  const world = lookingAfter();
  const writer = threadFor(join(temporaryFolder(), 'later', 'events.db'), world);
  await expect(writer.write(row())).rejects.toThrow('the writer thread ended');
  await writer.close();
  world.over();
  expect([workers.length, world.failures.length]).toEqual([1, 1]);
});

it('writes as soon as the file can be written again that could only be read when it was opened', async () => {
  const file = join(temporaryFolder(), 'events.db');
  openToWrite(file).close();
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  const makeWritable = makeReadOnly(file);
  const writer = threadFor(file);
  await expect(writer.write(row())).rejects.toMatchObject({ errcode: 8 });
  await expect(writer.write(row())).rejects.toThrow('attempt to write a readonly database');
  makeWritable();
  expect(await writer.write(row())).toEqual([2]);
});

it('closes without having been started, and twice', async () => {
  const writer = threadFor(join(temporaryFolder(), 'events.db'));
  await writer.close();
  await expect(writer.close()).resolves.toBeUndefined();
});
