import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import { READ_ONLY, sqliteCode } from './codes.ts';
import { prepareInsert, type InsertGroup } from './event-log-insert.ts';
import type { Value } from './event-log-row.ts';
import { announceTo } from './event-log-wake.ts';
import { READY, type WriterAnswer, type WriterData } from './event-log-writer.ts';

const { file, wake, busyTimeout } = workerData as WriterData;

interface Opened {
  readonly insert: InsertGroup;
  close(): void;
}

const open = (): Opened => {
  const database = openDatabase(file, { busyTimeout });
  return { insert: prepareInsert(database), close: () => database.close() };
};

let opened: Opened | undefined = open();

const write = (rows: readonly Value[]): WriterAnswer => {
  try {
    opened ??= open();
    const outcomes = opened.insert(rows);
    announceTo(wake);
    return outcomes;
  } catch (error) {
    // A connection that was opened while the file could only be read never writes, also when the file can be written.
    if (sqliteCode(error) === READ_ONLY) {
      opened?.close();
      opened = undefined;
    }
    return { message: error instanceof Error ? error.message : String(error), errcode: sqliteCode(error) };
  }
};

parentPort?.on('message', (rows: readonly Value[] | null) => {
  if (rows === null) {
    opened?.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(write(rows));
  }
});
parentPort?.postMessage(READY);
