import { closeSync, openSync, writeSync } from 'node:fs';

/** Where a SQLite file says how it may be written. */
const WRITE_VERSION = 18;
const JOURNALED = 2;
const UNKNOWN = 3;

const mark = (file: string, version: number): void => {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.of(version), 0, 1, WRITE_VERSION);
  closeSync(descriptor);
};

/**
 * Lets SQLite take a file that is open, with nothing in its journal, for one that can only be read: a connection that is
 * opened now never writes, those that were open before do. Answers what makes it as it was.
 */
export const makeReadOnly = (file: string): (() => void) => {
  mark(file, UNKNOWN);
  return () => mark(file, JOURNALED);
};
