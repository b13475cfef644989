import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { connectApi } from './demo/api.ts';
import { ask, urlOf } from './following.ts';
import { Misunderstood } from './misunderstood.ts';
import { checkArchive, type ArchiveVerdict } from '../domain/archive/verify.ts';

/** How the command is given. */
export const usage = `Usage: sagalog archive verify <file> [--digest sha256:…]
       sagalog archive import <name> [--url http://127.0.0.1:4000]
`;

const IMPORT = `mutation ($archive: String!) {
  importArchive(archive: $archive) { workflow archive restored unchanged } }`;

interface Imported {
  readonly workflow: string;
  readonly archive: string;
  readonly restored: number;
  readonly unchanged: number;
}

/** What is known of a file of an archive. */
export interface CheckedArchive extends ArchiveVerdict {
  /** `sha256:` of its bytes. */
  readonly digest: string;
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  Z_BUF_ERROR: 'it is cut off',
  Z_DATA_ERROR: 'it is none, or was changed',
};

/** Why a file cannot be read or unpacked, in words; other failures as they are. */
const unreadable = (path: string, error: unknown): unknown => {
  const why = WHY[String((error as { readonly code?: unknown }).code)];
  return why === undefined
    ? error
    : new Error(`Expected ${path} to be an archive (gzip of lines of JSON), but ${why}.`, { cause: error });
};

/** Verifies an archive, which is never in memory as a whole. Rejects for a file that cannot be read, or unpacked. */
export const checkArchiveFile = async (path: string): Promise<CheckedArchive> => {
  const digest = createHash('sha256');
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      digest.update(chunk);
      done(null, chunk);
    },
  });
  const check = checkArchive();
  const unpacked = createGunzip();
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY }))
      check.line(line);
  };
  await Promise.all([pipeline(createReadStream(path), counted, unpacked), read()]).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return { ...check.verdict(), digest: `sha256:${digest.digest('hex')}` };
};

const verify = async (path: string, expected: string | undefined): Promise<void> => {
  const { digest, head, streams, commits, events, problems } = await checkArchiveFile(path);
  const wrong = expected === undefined || expected === digest ? [] : [`Expected ${expected}.`];
  const found = [...problems.map(({ line, problem }) => `line ${line}: ${problem}`), ...wrong];
  const of = head === undefined ? 'no archive' : `${head.workflow}, batch ${head.batch}`;
  process.stdout.write(
    `${path}: ${of}: ${streams} streams, ${commits} commits, ${events} events\n${digest}\n`,
  );
  for (const problem of found) process.stdout.write(`${problem}\n`);
  if (found.length > 0) process.exitCode = 1;
};

const bringBack = async (archive: string, url: string | undefined): Promise<void> => {
  const api = connectApi(urlOf(url));
  try {
    const { importArchive } = await ask<{ importArchive: Imported }>(api, IMPORT, { archive });
    const { workflow, restored, unchanged } = importArchive;
    process.stdout.write(`${archive}: ${workflow}: ${restored} are back, ${unchanged} were there\n`);
  } finally {
    await api.close();
  }
};

/**
 * Says whether an archive is what was written, and exits with 1 when it is not; or has a server bring one back. Rejects
 * for what cannot be read, and as the API does.
 */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { digest: { type: 'string' }, url: { type: 'string' } },
  });
  const [what, file] = positionals;
  if (what === 'verify' && file !== undefined) return verify(file, values.digest);
  // A server reads it from its own folder: what was copied there may be named by its path.
  if (what === 'import' && file !== undefined) return bringBack(basename(file), values.url);
  throw new Misunderstood('Expected verify or import, and an archive.');
};
