import { workerData } from 'node:worker_threads';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { WriterData } from './read-models-writer.worker.ts';

// Makes a collection, with an index every other time, and removes it again.
const { path, times } = workerData as WriterData;
const readModels = await openSqliteReadModels({ path, busyTimeout: 30_000 });
for (let n = 0; n < times; n += 1) {
  await readModels.prepare('passing', n % 2 === 0 ? [{ fields: ['n'] }] : []);
  await readModels.write('passing', [{ key: 'a', doc: { n }, position: BigInt(n), expected: undefined }]);
  await readModels.drop('passing');
}
await readModels.close();
