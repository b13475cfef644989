import { existsSync, readFileSync, statSync, openSync, readSync, closeSync } from 'node:fs';

const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const JOURNAL_HEADER = 32;
const FRAME_HEADER = 24;

const readStart = (file: string, length: number): Buffer => {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
};

const journalPages = (journal: string, pageSize: number): ReadonlySet<number> => {
  const pages = new Set<number>();
  if (!existsSync(journal)) return pages;
  const bytes = readFileSync(journal);
  for (let at = JOURNAL_HEADER; at + FRAME_HEADER <= bytes.length; at += FRAME_HEADER + pageSize) {
    pages.add(bytes.readUInt32BE(at));
  }
  return pages;
};

/**
 * How many pages a database's header counts that are neither in its file nor in its journal.
 * SQLite itself would find out only when it comes to read one.
 */
export const missingPages = (file: string): number => {
  const header = readStart(file, HEADER);
  // What is no database at all is for SQLite to say.
  if (header.length < HEADER || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 0;
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const counted = header.readUInt32BE(28);
  const there = Math.floor(statSync(file).size / Math.max(pageSize, 1));
  if (there >= counted) return 0;
  const inJournal = [...journalPages(`${file}-wal`, pageSize)].filter(
    (page) => page > there && page <= counted,
  );
  return counted - there - inJournal.length;
};
