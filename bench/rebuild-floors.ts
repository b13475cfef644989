import { openDatabase } from '../src/adapters/sqlite/database.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import type { DocumentWrite, ReadModels, StoredText } from '../src/ports/read-models.ts';
import { PROJECTIONS } from '../src/projections/catalogue.ts';

const BATCH = 4_096;
const INSERTS = 20_000;
const COLLECTION = 'floor_of_inserts';

/** How many events a second the log gives to somebody who folds nothing of them, as it does to projections. */
export const logReadsPerSecond = async (log: EventLog): Promise<number> => {
  const end = await log.end();
  const from = performance.now();
  const { signal } = new AbortController();
  for await (const { position } of log.subscribe({ after: 0n, signal, batch: BATCH, withoutPayloads: true }))
    if (position >= end) break;
  return Number(end) / ((performance.now() - from) / 1_000);
};

const textsOf = async (readModels: ReadModels, views: readonly string[]): Promise<readonly StoredText[]> => {
  const records = await readModels.projections();
  const texts: StoredText[] = [];
  for (const { name, generation } of records.filter(({ name }) => views.includes(name)))
    texts.push(...(await readModels.scan(`${name}_${generation}`, undefined, INSERTS)));
  return texts;
};

/** How many rows a second SQLite takes in `file`, a new one, that are documents of these views: no columns, no indexes, nothing folded. */
export const rawInsertsPerSecond = async (
  file: string,
  readModels: ReadModels,
  views: readonly string[],
): Promise<number> => {
  const texts = await textsOf(readModels, views);
  const database = openDatabase(file, { synchronous: 'NORMAL' });
  try {
    database.exec('CREATE TABLE floor (key TEXT PRIMARY KEY NOT NULL, position INTEGER, doc TEXT NOT NULL)');
    // One view's keys may be another's, too.
    const insert = database.prepare('INSERT OR REPLACE INTO floor VALUES (?, ?, ?)');
    const from = performance.now();
    for (let n = 0; n < texts.length; n += BATCH) {
      database.exec('BEGIN');
      for (const { key, position, text } of texts.slice(n, n + BATCH)) insert.run(key, position, text);
      database.exec('COMMIT');
    }
    return texts.length / ((performance.now() - from) / 1_000);
  } finally {
    database.close();
  }
};

/** How many documents a second the store takes that are those of a view, with its indexes, and nothing is folded. */
export const insertsPerSecond = async (readModels: ReadModels, view: string): Promise<number> => {
  const record = (await readModels.projections()).find(({ name }) => name === view);
  const found = await readModels.find(`${view}_${record?.generation}`, { limit: 1_000 });
  const indexes = PROJECTIONS.find(({ name }) => name === view)?.indexes ?? [];
  await readModels.prepare(COLLECTION, indexes);
  const writes = Array.from({ length: INSERTS }, (_, n): DocumentWrite => {
    const { key, doc, position } = found[n % found.length] ?? { key: '', doc: {}, position: 1n };
    return { key: `${key}-${n}`, doc, position, expected: undefined };
  });
  const from = performance.now();
  for (let n = 0; n < INSERTS; n += BATCH / 4)
    await readModels.write(COLLECTION, writes.slice(n, n + BATCH / 4));
  const perSecond = INSERTS / ((performance.now() - from) / 1_000);
  await readModels.drop(COLLECTION);
  return perSecond;
};
