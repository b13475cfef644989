import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { Projection } from '../../../src/projections/projection.ts';
import { temporaryFolder } from '../../adapters/sqlite/temporary-folder.ts';
import { openRunner } from '../runner.ts';
import { runs, tally } from '../tally.ts';

const PATIENT = 30_000;

const INDEXED: Projection = {
  ...tally(),
  indexes: [{ fields: ['started'] }, { each: 'seen', fields: ['started'] }],
};

/** A projector of views in a file, and what changes that file by a connection of its own. */
const begun = async () => {
  const path = join(temporaryFolder(), 'views.db');
  const readModels = await openSqliteReadModels({ path });
  const runner = await openRunner({ readModels, drop: () => Promise.resolve() });
  const projector = runner.start({ projections: [INDEXED] });
  const end = await runner.happen(['a', 'b'].flatMap((workflow, n) => runs(2, 2 * n, workflow)));
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
    "DELETE FROM each_tally_1 WHERE key = 'a' AND t_seen = 'execution-e0@1'",
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
