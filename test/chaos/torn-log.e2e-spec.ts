import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { openChaos, type Chaos } from './open-chaos.ts';

const openLog = (path: string) => openSqliteLog({ path });

/** What a server left behind that was killed, or that stopped, when all its work was done. */
const worked = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<Chaos> => {
  const chaos = openChaos({ openLog });
  const server = await chaos.start();
  await chaos.load.ask(server);
  await chaos.ended(chaos.load.size);
  await server.query('query ($p: Position) { monitoring(waitFor: $p) { position } }', { p: chaos.position });
  await server.kill(signal);
  return chaos;
};

/** The content of those of the log's files that are there; the index of the journal is made anew whenever they are opened. */
const contentOf = (data: string): [string, string][] =>
  ['events.db', 'events.db-wal']
    .map((name) => join(data, name))
    .filter(existsSync)
    .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]);

const cut = (file: string): void => truncateSync(file, Math.floor(statSync(file).size / 2));

/** Overwrites a character in the last of something that is written as text. */
const spoil = (file: string, text: string): void => {
  const at = readFileSync(file).lastIndexOf(text);
  expect(at).toBeGreaterThanOrEqual(0);
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, 'x', at + 1);
  closeSync(descriptor);
};

const cases: readonly (readonly [string, 'SIGKILL' | 'SIGTERM', (data: string) => void, RegExp])[] = [
  ['is cut off', 'SIGTERM', (data) => cut(join(data, 'events.db')), /\d+ of its pages are missing/],
  [
    'has lost the end of its journal',
    'SIGKILL',
    (data) => cut(join(data, 'events.db-wal')),
    /Expected the log to reach position \d+, .* but it ends at \d+: it has lost its end/,
  ],
  [
    'has lost its journal',
    'SIGKILL',
    (data) => rmSync(join(data, 'events.db-wal')),
    /Expected the log to reach position \d+, .* but it ends at 0/,
  ],
  [
    'has a changed byte near its end',
    'SIGTERM',
    (data) => spoil(join(data, 'events.db'), '"duration"'),
    /does not have the hash that it was written with/,
  ],
  [
    'is another file',
    'SIGTERM',
    (data) => spoil(join(data, 'events.db'), 'SQLite format 3'),
    /file is not a database/,
  ],
];

describe('a server whose log', () => {
  it.each(cases)(
    '%s does not start, says what to do, and leaves it as it is',
    async (_, signal, damage, says) => {
      const chaos = await worked(signal);
      damage(chaos.data);
      const before = contentOf(chaos.data);
      const refusal = await chaos.start().then(
        () => 'started',
        (error: Error) => error.message,
      );
      expect(refusal).toMatch(/ended with 1:/);
      expect(refusal).toMatch(says);
      expect(refusal).toMatch(/Nothing was changed: restore the (folder|log) from a backup, or/);
      expect(contentOf(chaos.data)).toEqual(expect.arrayContaining(before));
    },
  );
});
