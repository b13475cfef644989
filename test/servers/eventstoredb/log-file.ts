import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { ProposedEvent } from './event.ts';

/** What is written at once: all of an append. */
export interface WrittenAppend {
  readonly stream: string;
  /** Ticks of 100 ns since the Unix epoch, one an event. */
  readonly created: readonly bigint[];
  readonly events: readonly ProposedEvent[];
}

/** An append-only file of appends, one a line. */
export interface LogFile {
  write(append: WrittenAppend): void;
  close(): void;
}

type Line = [stream: string, events: [string, string, boolean, string, string, string][]];

const toLine = ({ stream, created, events }: WrittenAppend): string => {
  const line: Line = [
    stream,
    events.map(({ id, type, json, data, metadata }, index) => [
      id,
      type,
      json,
      String(created[index]),
      Buffer.from(data).toString('base64'),
      Buffer.from(metadata).toString('base64'),
    ]),
  ];
  return `${JSON.stringify(line)}\n`;
};

const fromLine = (text: string): WrittenAppend => {
  const [stream, events] = JSON.parse(text) as Line;
  return {
    stream,
    created: events.map(([, , , created]) => BigInt(created)),
    events: events.map(([id, type, json, , data, metadata]) => ({
      id,
      type,
      json,
      data: Buffer.from(data, 'base64'),
      metadata: Buffer.from(metadata, 'base64'),
    })),
  };
};

/** The appends of a file; a last line that was cut short by a crash is cut off the file too. */
const readAppends = (path: string): WrittenAppend[] => {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes.toString('utf8', 0, end).split('\n').filter(Boolean).map(fromLine);
};

/** Opens the file, made if need be, and answers what it holds. */
export const openLogFile = (path: string): { file: LogFile; appends: readonly WrittenAppend[] } => {
  const appends = readAppends(path);
  const descriptor = openSync(path, 'a');
  return {
    appends,
    file: {
      write: (append) => void writeSync(descriptor, toLine(append)),
      close: () => closeSync(descriptor),
    },
  };
};
