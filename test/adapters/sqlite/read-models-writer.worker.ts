import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';

/** What the thread is started with. */
export interface WriterData {
  readonly path: string;
  readonly times: number;
}

const KEYS = ['a', 'b', 'c'];

// Raises the number in each of three documents, all in one call, so often that it was first every time.
const { path, times } = workerData as WriterData;
const readModels = await openSqliteReadModels({ path, busyTimeout: 30_000 });
await readModels.prepare('numbers', [{ fields: ['n'] }]);
parentPort?.postMessage('begun');
for (let raised = 0; raised < times;) {
  const found = await readModels.load('numbers', KEYS);
  const expected = found.get('a')?.position;
  const n = Number(expected ?? 0n) + 1;
  const writes = KEYS.map((key) => ({ key, doc: { n }, position: BigInt(n), expected }));
  const lost = await readModels.write('numbers', writes);
  if (lost.length === 0) raised += 1;
  else if (lost.length < KEYS.length) throw new Error(`Expected all or nothing, but lost ${lost.join()}.`);
}
await readModels.close();
