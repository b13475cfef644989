import { on, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteLog, type SqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { LogUnavailable, START, type LogBatch } from '../../../src/ports/event-log.ts';
import { commitOf, eventsOf, fill, freshStream, upToNow } from '../../conformance/event-log-samples.ts';
import { NO_STREAM } from '../../../src/domain/chain.ts';
import type { FollowerData } from './event-log-follower.worker.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = async (path = temporaryFolder()): Promise<SqliteLog> => {
  const log = await openSqliteLog({ path });
  onTestFinished(() => log.close());
  return log;
};

const follower = (path: string, wake: SharedArrayBuffer): Worker => {
  const workerData: FollowerData = { path, wake };
  const worker = new Worker(new URL('./event-log-follower.worker.ts', import.meta.url), { workerData });
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
};

it('wakes a subscription in another thread for every append, lone or in groups', async () => {
  const path = temporaryFolder();
  const log = await opened(path);
  const worker = follower(path, log.wake);
  const seen: RecordedEvent[] = [];
  const batches = on(worker, 'message') as AsyncIterableIterator<[LogBatch]>;
  const see = async (count: number): Promise<void> => {
    while (seen.length < count) {
      const { value } = (await batches.next()) as { value: [LogBatch] };
      seen.push(...value[0].events);
    }
  };
  for (let count = 1; count <= 500; count += 1) {
    await fill(log, freshStream(), 1);
    await see(count);
  }
  await Promise.all(Array.from({ length: 50 }, () => fill(log, freshStream(), 2, 1)));
  await see(650);
  expect(seen).toEqual(eventsOf(await upToNow(log, START)));
});

it('ends the subscriptions of a reader that is closed while they wait', async () => {
  const path = temporaryFolder();
  const log = await opened(path);
  const worker = follower(path, log.wake);
  const exited = once(worker, 'exit');
  await once(worker, 'message');
  worker.postMessage('end');
  const [said] = (await once(worker, 'message')) as [unknown];
  expect(said).toBe('ended');
  const [code] = (await exited) as [number];
  expect(code).toBe(0);
});

it('reads beside the writer, and does not write', async () => {
  const path = temporaryFolder();
  const log = await opened(path);
  const stream = freshStream();
  await fill(log, stream, 2, 1);
  const reader = await openSqliteLog({ path, mode: 'reader', wake: log.wake });
  onTestFinished(() => reader.close());
  expect(await reader.read(stream)).toEqual(await log.read(stream));
  expect(await reader.head(stream)).toEqual(await log.head(stream));
  expect(await reader.end()).toBe(3n);
  await expect(reader.append(commitOf(freshStream(), NO_STREAM))).rejects.toThrow(LogUnavailable);
});

it('does not make a log only to read it', async () => {
  const wake = new SharedArrayBuffer(4);
  await expect(openSqliteLog({ path: temporaryFolder(), mode: 'reader', wake })).rejects.toThrow(
    LogUnavailable,
  );
});
