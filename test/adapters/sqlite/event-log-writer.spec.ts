import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openToWrite } from '../../../src/adapters/sqlite/event-log-open.ts';
import { encode } from '../../../src/adapters/sqlite/event-log-row.ts';
import { prepareEnd } from '../../../src/adapters/sqlite/event-log-scan.ts';
import { writerThread, type WriterThread } from '../../../src/adapters/sqlite/event-log-writer.ts';
import { NO_STREAM } from '../../../src/domain/chain.ts';
import { commitOf, freshStream } from '../../conformance/event-log-samples.ts';
import { makeReadOnly } from './read-only.ts';
import { temporaryFolder } from './temporary-folder.ts';

const threadFor = (file: string): WriterThread => {
  const writer = writerThread({ file, wake: new SharedArrayBuffer(4), busyTimeout: 100 });
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

it('fails what it was given when it ends by itself, and is started again', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'later', 'events.db');
  const writer = threadFor(file);
  const failed = await Promise.allSettled([writer.write(row()), writer.write(row())]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(failed[0]).toMatchObject({ reason: { message: 'the writer thread ended' } });
  expect(failed[0]).toHaveProperty('reason.cause.message', 'unable to open database file');
  const opened = openToWrite(file);
  onTestFinished(() => opened.close());
  expect(await writer.write(row())).toEqual([2]);
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
