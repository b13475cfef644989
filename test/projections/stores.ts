import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog, type SqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import type { SealedCommit } from '../../src/domain/chain.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { readViews } from '../../src/projections/generations.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { fold, record, type Happened } from '../spec/given.ts';

/** The embedded stores, in a folder of their own. */
export interface Stores {
  /** The folder. */
  readonly path: string;
  readonly log: SqliteLog;
  readonly readModels: ReadModels;
  close(): Promise<void>;
}

/** Opens new embedded stores, which go when they are closed. */
export const openStores = async (): Promise<Stores> => {
  const path = await mkdtemp(join(tmpdir(), 'projections-'));
  const log = await openSqliteLog({ path });
  const readModels = await openSqliteReadModels({ path: join(path, 'views.db') });
  return {
    path,
    log,
    readModels,
    async close() {
      await readModels.close();
      await log.close();
      await rm(path, { recursive: true, force: true });
    },
  };
};

/** Appends commits one after the other; answers the position of the last. */
export const appendAll = async (log: EventLog, commits: readonly SealedCommit[]): Promise<bigint> => {
  const appended = await Promise.all(commits.map((commit) => log.append(commit)));
  return appended.at(-1)?.position ?? (await log.end());
};

/** Documents by key. */
export type Documents = Readonly<Record<string, JsonObject>>;

/** Every document of a collection. */
export const documentsIn = async (readModels: ReadModels, collection: string): Promise<Documents> => {
  const found = await readModels.find(collection, { limit: 100_000 });
  return Object.fromEntries(found.map(({ key, doc }) => [key, doc]));
};

/** Every live document, by projection. */
export const liveDocuments = async (readModels: ReadModels): Promise<Record<string, Documents>> => {
  const live: Record<string, Documents> = {};
  for (const { name, generation } of await readViews(readModels)) {
    live[name] = await documentsIn(readModels, `${name}_${generation}`);
  }
  return live;
};

/** The documents that all projections make of a history, by projection. */
export const documentsOf = (history: readonly Happened[]): Record<string, Documents> => {
  const events = record(history);
  return Object.fromEntries(
    PROJECTIONS.map((projection) => [projection.name, Object.fromEntries(fold(projection, events))]),
  );
};
