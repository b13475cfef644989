import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import type { Projection } from '../../../src/projections/projection.ts';
import { temporaryFolder } from '../../adapters/sqlite/temporary-folder.ts';
import { openRunner } from '../runner.ts';
import { settled } from '../settled.ts';
import { runs, tally } from '../tally.ts';

const PATIENT = 30_000;

const INDEXED: Projection = {
  ...tally(),
  indexes: [{ fields: ['started'] }, { each: 'seen', fields: ['started'] }],
};

const HISTORY = ['a', 'b'].flatMap((workflow, n) => runs(2, 1_000 + 2 * n, workflow));

/** A projector of views in a file, and what changes that file by a connection of its own; `onPage` comes before each look for strays. */
const begun = async (
  onPage: (more: () => Promise<void>) => Promise<void> = async () => undefined,
  { onScan = async () => undefined }: { onScan?: (collection: string) => Promise<void> } = {},
) => {
  const path = join(temporaryFolder(), 'views.db');
  const stored = await openSqliteReadModels({ path });
  let all = HISTORY;
  // Their texts are behind those of all before.
  const more = async (workflow = `w${all.length}`): Promise<void> => {
    all = [...all, ...runs(3, 1_000 + all.length, workflow)];
    await projector.waitFor(await runner.happen(all), ['tally'], PATIENT);
  };
  const readModels: ReadModels = {
    ...stored,
    strays: async (collection, from, _, upTo) => {
      await onPage(more);
      return stored.strays(collection, from, 3, upTo);
    },
    scan: async (collection, after, limit) => {
      await onScan(collection);
      return stored.scan(collection, after, limit);
    },
  };
  const runner = await openRunner({ readModels, drop: () => Promise.resolve() });
  const projector = runner.start({ projections: [INDEXED] });
  const end = await runner.happen(HISTORY);
  await projector.waitFor(end, ['tally'], PATIENT);
  const edit = (sql: string): void => {
    const other = new DatabaseSync(path);
    other.exec(sql);
    other.close();
  };
  const verify = async () => (await projector.rebuild('tally', { dryRun: true })).comparison;
  return { runner, projector, edit, more, verify };
};

it('finds nothing in a dry run of a file that nobody edited', async () => {
  const { verify } = await begun();
  expect(await verify()).toMatchObject({ differing: 0, differences: [], live: { documents: 2 } });
});

it.each([
  [
    'a column that was changed',
    "UPDATE doc_tally_1 SET f_started = 9 WHERE key = 'b'",
    { key: 'b', live: { started: 9 }, rebuilt: { started: 2 } },
  ],
  [
    'an entry that was deleted',
    "DELETE FROM each_tally_1 WHERE key = 'a' AND t_seen = 'execution-e1000@1'",
    { key: 'a', live: { started: 2 }, rebuilt: { started: 2 } },
  ],
  [
    'an entry that was invented',
    "INSERT INTO each_tally_1 VALUES ('x', 1, 'nobody')",
    { key: 'nobody', live: { 'seen[]': ['x'], started: 1 }, rebuilt: null },
  ],
])('names in a dry run %s, and a rebuild heals it', async (_, sql, difference) => {
  const { projector, edit, verify } = await begun();
  edit(sql);
  expect(await verify()).toMatchObject({ differing: 1, differences: [{ ...difference, kind: 'index' }] });
  // What is made anew need not be looked through.
  expect(await projector.rebuild('tally')).toMatchObject({ comparison: { differing: 0 } });
  expect(await verify()).toMatchObject({ differing: 0 });
});

it.each(['{not json', 'null', '"a"', ''])(
  'names a document that is %j, and a rebuild heals it',
  async (text) => {
    const { projector, edit, verify } = await begun();
    edit(`UPDATE doc_tally_1 SET doc = '${text}' WHERE key = 'b'`);
    const rebuilt = { workflow: 'b', started: 2 };
    const found = { differing: 1, differences: [{ key: 'b', kind: 'document', live: text, rebuilt }] };
    expect(await verify()).toMatchObject(found);
    const byDay = { dryRun: true, byDay: true };
    expect(await projector.rebuild('tally', byDay)).toMatchObject({ comparison: { differing: 1 } });
    expect(await projector.rebuild('tally')).toMatchObject({ comparison: found });
    expect(await verify()).toMatchObject({ differing: 0 });
  },
);

it('stops where it would fold a document on that is none, says which, and a rebuild heals it', async () => {
  const { runner, projector: before, edit } = await begun();
  // It knows its documents without looking.
  await before.stop();
  edit("UPDATE doc_tally_1 SET doc = '{not json' WHERE key = 'b'");
  await runner.happen([...HISTORY, ...runs(3, 2_000, 'b')]);
  const projector = runner.start({ projections: [INDEXED] });
  await settled(projector, ({ state }) => state === 'stopped');
  const verify = async () => (await projector.rebuild('tally', { dryRun: true })).comparison;
  const told = {
    code: 'READ_MODELS_CORRUPT',
    message: expect.stringContaining(
      '"b" in tally_1 to be a JSON object, but it is none: rebuild the projection',
    ),
  };
  expect(await projector.status()).toMatchObject([{ lastError: told }]);
  await expect(projector.retry('tally')).rejects.toMatchObject(told);
  expect(await verify()).toMatchObject({ differing: 1, differences: [{ key: 'b', live: '{not json' }] });
  await projector.rebuild('tally');
  expect(await projector.status()).toMatchObject([{ state: 'running', lastError: null, generation: 3 }]);
  expect(await verify()).toMatchObject({ differing: 0, live: { documents: 2 } });
});

it('names a document that is broken while it was further than what it is compared with', async () => {
  let pages = 0;
  const { runner, edit, more, verify } = await begun(async () => undefined, {
    onScan: async (collection) => {
      pages += 1;
      if (pages !== 1) return;
      expect(collection).toBe('tally_1');
      await more('b');
      edit("UPDATE doc_tally_1 SET doc = '{not json' WHERE key = 'b'");
    },
  });
  expect(await verify()).toMatchObject({
    differing: 1,
    differences: [{ key: 'b', live: '{not json', rebuilt: { started: 5 } }],
  });
  expect(await runner.record('tally')).toMatchObject({ generation: 1 });
});

it('counts a document once that is wrong in several ways', async () => {
  const { edit, verify } = await begun();
  edit("UPDATE doc_tally_1 SET doc = json_set(doc, '$.started', 7) WHERE key = 'a'");
  expect(await verify()).toMatchObject({ differing: 1, differences: [{ key: 'a', kind: 'document' }] });
});

it('says of a document that it is missing, not that what is left in the indexes of it is too much', async () => {
  const { projector, edit, verify } = await begun();
  edit("DELETE FROM doc_tally_1 WHERE key = 'b'");
  const missing = { key: 'b', kind: 'document', live: null, rebuilt: { workflow: 'b', started: 2 } };
  expect(await verify()).toMatchObject({ differing: 1, differences: [missing], live: { documents: 1 } });
  await projector.rebuild('tally');
  expect(await verify()).toMatchObject({ differing: 0, live: { documents: 2 } });
});

it('comes to its end in a dry run while ever more is folded, and finds nothing', async () => {
  let pages = 0;
  const { verify } = await begun(async (more) => {
    pages += 1;
    if (pages > 100) throw new Error('Expected an end, but there is always more.');
    await more();
  });
  expect(await verify()).toMatchObject({ differing: 0 });
  // Three rows by then, and four entries of each of the two documents of the beginning.
  expect(pages).toBe(2 + 3);
});

it('gets on while it looks for strays, for all to see', async () => {
  const seen: number[] = [];
  const { projector, verify } = await begun(async () => {
    const [status] = await projector.status();
    seen.push(status?.rebuild?.compared ?? -1);
  });
  await verify();
  // Two documents of both sides; then two rows, and eight entries by three.
  expect(seen).toEqual([4, 6, 9, 12]);
});
