import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';

/** What the thread is started with. */
export interface FollowerData {
  readonly path: string;
  readonly wake: SharedArrayBuffer;
}

// Follows the log of another thread and tells it of every batch, until it is told to end.
const { path, wake } = workerData as FollowerData;
const log = await openSqliteLog({ path, mode: 'reader', wake });
parentPort?.once('message', () => void log.close());
for await (const batch of log.subscribe({ after: 0n, signal: new AbortController().signal })) {
  parentPort?.postMessage(batch);
}
parentPort?.postMessage('ended');
