import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import type { JournalData } from './read-models-journal.ts';

/** Milliseconds that readers of what is old are waited for, while nobody can write. */
const PATIENCE = 20;

/** Pages that the journal has before it is begun anew: less than what it is cut to. */
const MOST = 3_072;

const { file } = workerData as JournalData;
const database = openDatabase(file, { busyTimeout: PATIENCE, synchronous: 'NORMAL' });
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const full = database.prepare('PRAGMA wal_checkpoint(FULL)');

const copy = (): void => {
  // Others go on writing, so the second time there is little to copy, and the third, for which they wait, next to nothing.
  passive.get();
  const { log } = passive.get() ?? {};
  if (Number(log) >= MOST) full.get();
};

parentPort?.on('message', (what: 'copy' | 'end') => {
  if (what === 'end') {
    database.close();
    parentPort?.close();
    return;
  }
  copy();
  parentPort?.postMessage('copied');
});
