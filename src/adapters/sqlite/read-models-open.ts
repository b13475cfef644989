import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ReadModelsUnavailable } from '../../ports/read-models.ts';
import { READ_ONLY, sqliteCode } from './codes.ts';
import { lookAt, openDatabase } from './database.ts';
import { createConnection, type Connection } from './read-models-connection.ts';
import { readModelsError } from './read-models-errors.ts';
import { addFunctions } from './read-models-functions.ts';
import { checkOwner, prepareFile } from './read-models-schema.ts';

/** Pages of a journal that somebody else copies before it is done here all the same: 256 MiB. */
const UNCOPIED = 16_384;

const makeFolder = (file: string): void => {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ReadModelsUnavailable(`Expected a folder for ${file}, but: ${message}.`, error);
  }
};

/** A connection that was opened while the file could only be read would never write. Throws then. */
const requireWritable = ({ database }: Connection): void => {
  try {
    // To begin does not tell: SQLite begins to read then.
    database.exec('DELETE FROM projections WHERE FALSE');
  } catch (error) {
    // Others may be writing for long.
    if (sqliteCode(error) === READ_ONLY) throw error;
  }
};

/**
 * Opens the file of read models, made when it is not there; `copies`: whoever commits also copies the journal into it.
 * Throws `ReadModelsCorrupt` or `ReadModelsUnavailable`.
 */
export const openConnection = (
  file: string,
  busyTimeout: number,
  copies: boolean,
  committed?: () => void,
): Connection => {
  makeFolder(file);
  let database: DatabaseSync | undefined;
  try {
    lookAt(file, busyTimeout, (database) => checkOwner(createConnection(database), file));
    // What a power cut takes is folded again: a checkpoint stands behind its documents in the same journal.
    database = openDatabase(file, { busyTimeout, synchronous: 'NORMAL' });
    addFunctions(database);
    if (!copies) database.exec(`PRAGMA wal_autocheckpoint = ${UNCOPIED}`);
    const connection = createConnection(database, committed);
    prepareFile(connection, file);
    requireWritable(connection);
    return connection;
  } catch (error) {
    database?.close();
    throw readModelsError(file, error);
  }
};
