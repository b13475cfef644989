import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import type { Projection } from '../../../src/projections/projection.ts';
import { temporaryFolder } from '../../adapters/sqlite/temporary-folder.ts';
import { openRunner } from '../runner.ts';
import { runs, tally } from '../tally.ts';

const PATIENT = 30_000;

const INDEXED: Projection = {
  ...tally(),
  indexes: [{ fields: ['started'] }, { each: 'seen', fields: ['started'] }],
};

const HISTORY = ['a', 'b'].flatMap((workflow, n) => runs(2, 1_000 + 2 * n, workflow));

/** A projector of views in a file, and what changes that file by a connection of its own; `onPage` comes before each look for strays. */
const begun = async (onPage: (more: () => Promise<void>) => Promise<void> = async () => undefined) => {
  const path = join(temporaryFolder(), 'views.db');
  const stored = await openSqliteReadModels({ path });
  let all = HISTORY;
  // Their texts are behind those of all before.
  const more = async (): Promise<void> => {
    all = [...all, ...runs(3, 1_000 + all.length, `w${all.length}`)];
    await projector.waitFor(await runner.happen(all), ['tally'], PATIENT);
  };
  const readModels: ReadModels = {
    ...stored,
    strays: async (collection, from, _, upTo) => {
      await onPage(more);
      return stored.strays(collection, from, 3, upTo);
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
  return { projector, edit, verify };
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

it('counts a document once that is wrong in several ways', async () => {
  const { edit, verify } = await begun();
  edit("UPDATE doc_tally_1 SET doc = json_set(doc, '$.started', 7) WHERE key = 'a'");
  expect(await verify()).toMatchObject({ differing: 1, differences: [{ key: 'a', kind: 'document' }] });
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
