import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { EXECUTION_INDEXES } from '../../../src/projections/execution-indexes.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

const opened = async () => {
  const { path, readModels, close } = await temporaryReadModels();
  const database = new DatabaseSync(path, { readOnly: true });
  onTestFinished(async () => {
    database.close();
    await close();
  });
  const indexesOf = (collection: string): readonly unknown[] =>
    database
      .prepare(
        "SELECT replace(sql, ?, '') AS made FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY 1",
      )
      .all(collection, `doc_${collection}`)
      .map(({ made }) => made);
  return { readModels, indexesOf };
};

it('has no index of a column when it is reserved, and the same as any other when each was made', async () => {
  const { readModels, indexesOf } = await opened();
  await readModels.prepare('usual', EXECUTION_INDEXES);
  await readModels.reserve('later', EXECUTION_INDEXES);
  await readModels.write('later', newDocuments({ a: { startedAt: 1, status: 'running', terms: ['x'] } }));
  expect(indexesOf('later')).toEqual([]);
  for (const index of EXECUTION_INDEXES) await readModels.prepare('later', [index]);
  expect(indexesOf('later')).toHaveLength(EXECUTION_INDEXES.length - 1);
  expect(indexesOf('later')).toEqual(indexesOf('usual'));
});
