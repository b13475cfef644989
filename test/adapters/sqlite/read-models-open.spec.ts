import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ReadModelsCorrupt } from '../../../src/adapters/sqlite/read-models-errors.ts';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { makeReadOnly } from './read-only.ts';
import { temporaryFolder } from './temporary-folder.ts';

const file = (): string => join(temporaryFolder(), 'views.db');

const written = async (): Promise<string> => {
  const path = file();
  const readModels = await openSqliteReadModels({ path });
  await readModels.prepare('things', [{ fields: ['n'] }]);
  const docs = Array.from({ length: 500 }, (_, n) => [`key-${n}`, { n, text: 'x'.repeat(500) }]);
  await readModels.write('things', newDocuments(Object.fromEntries(docs)));
  await readModels.close();
  return path;
};

const alter = (path: string, sql: string): void => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};

/** Opens the file and reads all that is in it; answers the message of what that was refused with. */
const refusal = async (path: string): Promise<string> => {
  const use = async (): Promise<void> => {
    const readModels = await openSqliteReadModels({ path });
    onTestFinished(() => readModels.close());
    await readModels.find('things', { limit: 1_000, where: [{ field: 'text', op: 'gt', value: 0 }] });
  };
  const error: unknown = await use().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ReadModelsCorrupt);
  expect(error).toHaveProperty('code', 'READ_MODELS_CORRUPT');
  return (error as ReadModelsCorrupt).message;
};

describe('opening', () => {
  it('is refused while the file can only be read: what is opened then would never write', async () => {
    const path = await written();
    const first = await openSqliteReadModels({ path });
    onTestFinished(() => first.close());
    const makeWritable = makeReadOnly(path);
    await expect(openSqliteReadModels({ path })).rejects.toMatchObject({
      code: 'READ_MODELS_UNAVAILABLE',
      message: `Expected the read models ${path} to answer, but: attempt to write a readonly database.`,
    });
    makeWritable();
    const readModels = await openSqliteReadModels({ path });
    onTestFinished(() => readModels.close());
    expect(await readModels.write('things', newDocuments({ other: { n: 501 } }))).toEqual([]);
  });

  it('makes the file in a folder that is not there', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'views.db');
    const readModels = await openSqliteReadModels({ path });
    expect(await readModels.projections()).toEqual([]);
    await readModels.close();
    expect(statSync(path).isFile()).toBe(true);
  });

  it('takes an empty file for a new one', async () => {
    const path = file();
    writeFileSync(path, '');
    const readModels = await openSqliteReadModels({ path });
    expect(await readModels.projections()).toEqual([]);
    await readModels.close();
  });

  it('begins anew when the file was removed, whatever is left beside it', async () => {
    const path = file();
    const readModels = await openSqliteReadModels({ path });
    await readModels.prepare('things', []);
    await readModels.write('things', newDocuments({ a: {} }));
    const journal = readFileSync(`${path}-wal`);
    await readModels.close();
    rmSync(path);
    writeFileSync(`${path}-wal`, journal);
    const again = await openSqliteReadModels({ path });
    onTestFinished(() => again.close());
    expect(await again.find('things', { limit: 1 })).toEqual([]);
    expect(await again.projections()).toEqual([]);
  });

  it('leaves nothing but the file when it is closed', async () => {
    const path = await written();
    expect(readdirSync(join(path, '..'))).toEqual(['views.db']);
  });
});

describe('a file that cannot be read models', () => {
  it('is refused, left as it is, with what to do', async () => {
    const path = file();
    const text = 'this is no database\n'.repeat(1_000);
    writeFileSync(path, text);
    expect(await refusal(path)).toBe(
      `Expected ${path} to hold read models, but file is not a database. Nothing was changed: remove the file to have it built again from the log.`,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    'CREATE TABLE t (a)',
    'PRAGMA application_id = 7',
    'PRAGMA journal_mode = WAL; CREATE TABLE t (a)',
  ])('is refused and left as it is when another program made it: %s', async (sql) => {
    const path = file();
    alter(path, sql);
    const bytes = readFileSync(path);
    expect(await refusal(path)).toContain('it is a database of another program');
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(existsSync(`${path}-journal`)).toBe(false);
  });

  it('is refused when another version wrote it', async () => {
    const path = await written();
    alter(path, 'PRAGMA user_version = 2');
    const bytes = readFileSync(path);
    expect(await refusal(path)).toContain('they are of version 2, not 1');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('is refused when its end was cut off', async () => {
    const path = await written();
    const half = Math.floor(statSync(path).size / 2 / 16_384) * 16_384;
    truncateSync(path, half);
    expect(await refusal(path)).toContain('malformed');
    expect(statSync(path).size).toBe(half);
  });

  it('is refused when bytes in it were overwritten', async () => {
    const path = await written();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 16_384);
    writeFileSync(path, bytes);
    expect(await refusal(path)).toContain('malformed');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it.each(["'{not json'", "'null'", "'[1]'", "'5'", "x'00'"])('tells which document is %s', async (doc) => {
    const path = await written();
    alter(path, `UPDATE doc_things SET doc = ${doc} WHERE key = 'key-250'`);
    const readModels = await openSqliteReadModels({ path });
    onTestFinished(() => readModels.close());
    const told = {
      code: 'READ_MODELS_CORRUPT',
      message:
        'Expected the document "key-250" in things to be a JSON object, but it is none: rebuild the projection to have it folded again from the log.',
    };
    await expect(readModels.load('things', ['key-249', 'key-250'])).rejects.toMatchObject(told);
    const found = readModels.find('things', { where: [{ field: 'n', op: 'gte', value: 0 }], limit: 1_000 });
    await expect(found).rejects.toMatchObject(told);
    expect([...(await readModels.load('things', ['key-249'])).keys()]).toEqual(['key-249']);
    expect(await readModels.scan('things', 'key-25', 1)).toMatchObject([
      { key: 'key-250', text: expect.any(String) },
    ]);
  });

  it('finds the others by what there is no column of, and makes new columns of them', async () => {
    const path = await written();
    alter(path, "UPDATE doc_things SET doc = '{not json' WHERE key = 'key-250'");
    const readModels = await openSqliteReadModels({ path });
    onTestFinished(() => readModels.close());
    const query = { where: [{ field: 'text', op: 'gt', value: 'x' } as const], limit: 1_000 };
    expect(await readModels.find('things', query)).toHaveLength(499);
    await readModels.prepare('things', [{ fields: ['n', 'text'] }]);
    expect(await readModels.find('things', query)).toHaveLength(499);
  });
});
