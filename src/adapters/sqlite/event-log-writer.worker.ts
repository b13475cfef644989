import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import { sqliteCode } from './event-log-errors.ts';
import { prepareInsert } from './event-log-insert.ts';
import type { Value } from './event-log-row.ts';
import { announceTo } from './event-log-wake.ts';
import { READY, type WriterAnswer, type WriterData } from './event-log-writer.ts';

const { file, wake, busyTimeout } = workerData as WriterData;
const database = openDatabase(file, { busyTimeout });
const insert = prepareInsert(database);

const write = (rows: readonly Value[]): WriterAnswer => {
  try {
    const outcomes = insert(rows);
    announceTo(wake);
    return outcomes;
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), errcode: sqliteCode(error) };
  }
};

parentPort?.on('message', (rows: readonly Value[] | null) => {
  if (rows === null) {
    database.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(write(rows));
  }
});
parentPort?.postMessage(READY);
