import { DatabaseSync, StatementSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { straysOf } from '../../conformance/read-models-strays.conformance.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

const DOCS: Readonly<Record<string, JsonObject>> = {
  a: { at: 1, status: 'done', tags: ['x', 'y'] },
  b: { at: 2, status: 'done', tags: ['x'] },
  c: { status: 'failed', tags: ['y'] },
  d: { at: 4 },
};

const INDEXES = [{ fields: ['status', 'at'] }, { each: 'tags', fields: ['at'] }];

/** Documents in a file, what `edit` does to it by a connection of its own, and what is found then. */
const editedUpTo = (upTo: bigint) => async (sql: string, limit: number) => {
  const { path, readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  await readModels.prepare('runs', INDEXES);
  await readModels.write('runs', newDocuments(DOCS));
  const other = new DatabaseSync(path);
  other.exec(sql);
  other.close();
  return straysOf(readModels, 'runs', limit, upTo);
};

describe.each([
  [1, 0n],
  [2, 0n],
  [1, 9n],
  [2, 9n],
  [100, 9n],
])(
  'strays of a file that somebody edited, by %d, of documents that were written on from %d',
  (limit, upTo) => {
    const edited = editedUpTo(upTo);

    it('are rows whose columns say something else', async () => {
      expect(await edited("UPDATE doc_runs SET f_status = 'running' WHERE key IN ('b', 'd')", limit)).toEqual(
        [
          { key: 'b', found: { status: 'running' }, expected: { status: 'done' } },
          { key: 'd', found: { status: 'running' }, expected: { status: null } },
        ],
      );
    });

    it('are rows whose texts are others', async () => {
      expect(await edited("UPDATE doc_runs SET each_texts = NULL WHERE key = 'b'", limit)).toEqual([
        { key: 'b', found: { tags: null }, expected: { tags: '["x"]' } },
      ]);
    });

    it('are documents that were changed where they stand', async () => {
      const doc = '{"at":2,"status":"failed","tags":["x"]}';
      expect(await edited(`UPDATE doc_runs SET doc = '${doc}' WHERE key = 'b'`, limit)).toEqual([
        { key: 'b', found: { status: 'done' }, expected: { status: 'failed' } },
      ]);
    });

    it('are documents without an entry of the list', async () => {
      expect(await edited("DELETE FROM each_runs WHERE key = 'a' AND t_tags = 'x'", limit)).toEqual([
        { key: 'a', found: { 'tags[]': ['y'], at: 1 }, expected: { 'tags[]': ['x', 'y'], at: 1 } },
      ]);
    });

    it('are all that have texts when the list is empty', async () => {
      const found = await edited('DELETE FROM each_runs', limit);
      expect(found.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
      expect(found[2]).toEqual({
        key: 'c',
        found: { 'tags[]': [], at: null },
        expected: { 'tags[]': ['y'], at: null },
      });
    });

    it('are entries of texts that a document has not, or that has gone', async () => {
      const sql = "INSERT INTO each_runs VALUES ('x', -9e999, 'd'), ('x', 2, 'nobody'), ('z', 1, 'a')";
      expect(await edited(sql, limit)).toEqual([
        { key: 'd', found: { 'tags[]': ['x'], at: null }, expected: { 'tags[]': [], at: 4 } },
        { key: 'nobody', found: { 'tags[]': ['x'], at: 2 }, expected: null },
        { key: 'a', found: { 'tags[]': ['z'], at: 1 }, expected: { 'tags[]': ['x', 'y'], at: 1 } },
      ]);
    });

    it('are documents with an entry in another place, and that entry', async () => {
      expect(await edited("UPDATE each_runs SET p_at = 7 WHERE key = 'b'", limit)).toEqual([
        { key: 'b', found: { 'tags[]': [], at: 2 }, expected: { 'tags[]': ['x'], at: 2 } },
        { key: 'b', found: { 'tags[]': ['x'], at: 7 }, expected: { 'tags[]': ['x'], at: 2 } },
      ]);
    });

    it('are told with their place where both are wrong', async () => {
      expect(
        await edited(
          "UPDATE doc_runs SET f_at = 5 WHERE key = 'c'; DELETE FROM each_runs WHERE key = 'c'",
          limit,
        ),
      ).toEqual([{ key: 'c', found: { 'tags[]': [], at: 5 }, expected: { 'tags[]': ['y'], at: null } }]);
    });

    it('are none where a number is the same as a whole one', async () => {
      expect(await edited("UPDATE doc_runs SET f_at = 1 WHERE key = 'a'", limit)).toEqual([]);
    });
  },
);

describe('strays of what another connection writes on', () => {
  const numbered = (prefix: string): readonly string[] =>
    Array.from({ length: 20 }, (_, n) => `${prefix}${n + 10}`);
  const docOf = (n: number): JsonObject => ({ at: n, status: `s${n % 3}`, tags: [`t${n % 5}`, `u${n % 7}`] });

  /** Documents some of which stand still, and `write`, which takes all entries of the others further along and adds documents. */
  const written = async () => {
    const { path, readModels, close } = await temporaryReadModels();
    onTestFinished(close);
    const writing = await openSqliteReadModels({ path });
    onTestFinished(() => writing.close());
    await readModels.prepare('runs', INDEXES);
    const [moving, standing] = [numbered('k'), numbered('j')];
    const all = [...standing, ...moving].map((key, n) => [key, docOf(n)] as const);
    await readModels.write('runs', newDocuments(Object.fromEntries(all)));
    const placed = new Map(moving.map((key, n) => [key, BigInt(n + 21)]));
    let n = 100;
    const write = async (): Promise<void> => {
      for (const key of numbered(`m${n}`)) placed.set(key, 0n);
      const writes = [...placed].slice(-60).map(([key, position]) => {
        n += 1;
        return { key, doc: docOf(n), position: BigInt(n), expected: position || undefined };
      });
      expect(await writing.write('runs', writes)).toEqual([]);
      for (const { key, position } of writes) placed.set(key, position);
    };
    let pages = 0;
    const looking: typeof readModels = {
      ...readModels,
      strays: async (...page) => {
        pages += 1;
        if (pages > 500) throw new Error('Expected an end, but there is always more.');
        await write();
        const [strays] = await Promise.all([readModels.strays(...page), write()]);
        return strays;
      },
    };
    return { path, looking, pages: () => pages };
  };

  it('are none, and come to an end', async () => {
    const { looking, pages } = await written();
    expect(await straysOf(looking, 'runs', 3, 40n)).toEqual([]);
    // 60 rows, and two entries of each of 20 documents, by three.
    expect(pages()).toBe(21 + 14);
  });

  it('are what somebody made of the file', async () => {
    const { path, looking } = await written();
    const other = new DatabaseSync(path);
    other.exec("INSERT INTO each_runs VALUES ('x', 7, 'k11'), ('x', 8, 'j11'), ('zz', 9, 'nobody')");
    other.close();
    const found = await straysOf(looking, 'runs', 3, 40n);
    expect(found.map(({ key, found: entry }) => [key, entry])).toEqual([
      ['k11', { 'tags[]': ['x'], at: 7 }],
      ['j11', { 'tags[]': ['x'], at: 8 }],
      ['nobody', { 'tags[]': ['zz'], at: 9 }],
    ]);
  });
});

it('takes nothing for a stray that another connection writes amid a page', async () => {
  const { path, readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  await readModels.prepare('runs', INDEXES);
  await readModels.write('runs', newDocuments(DOCS));
  const other = new DatabaseSync(path);
  const real = StatementSync.prototype.get;
  let isWritten = false;
  const get = vi.spyOn(StatementSync.prototype, 'get').mockImplementation(function (
    this: StatementSync,
    ...values: Parameters<typeof real>
  ) {
    // An entry is looked for by three values, when the rows of the page have been read.
    if (values.length === 3 && !isWritten) {
      isWritten = true;
      other.exec(`BEGIN;
        UPDATE doc_runs SET doc = '{"at":9,"tags":["z"]}', f_status = NULL, f_at = 9, each_texts = '["z"]' WHERE key = 'a';
        DELETE FROM each_runs WHERE key = 'a';
        INSERT INTO each_runs VALUES ('z', 9, 'a');
        COMMIT`);
    }
    return real.apply(this, values);
  });
  onTestFinished(() => get.mockRestore());
  expect((await readModels.strays('runs', undefined, 100, 9n)).strays).toEqual([]);
  expect(isWritten).toBe(true);
  other.close();
  expect(await straysOf(readModels, 'runs', 100)).toEqual([]);
});
