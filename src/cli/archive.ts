import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { checkArchive, type ArchiveVerdict } from '../domain/archive/verify.ts';

const USAGE = 'Usage: sagalog archive verify <file> [--digest sha256:…]\n';

/** What is known of a file of an archive. */
export interface CheckedArchive extends ArchiveVerdict {
  /** `sha256:` of its bytes. */
  readonly digest: string;
}

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
  await Promise.all([pipeline(createReadStream(path), counted, unpacked), read()]);
  return { ...check.verdict(), digest: `sha256:${digest.digest('hex')}` };
};

/** Says whether an archive is what was written, and exits with 1 when it is not. Rejects for what cannot be read. */
export const runArchive = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { digest: { type: 'string' } },
  });
  const [what, path] = positionals;
  if (what !== 'verify' || path === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const { digest, head, streams, commits, events, problems } = await checkArchiveFile(path);
  const wrong = values.digest === undefined || values.digest === digest ? [] : [`Expected ${values.digest}.`];
  const found = [...problems.map(({ line, problem }) => `line ${line}: ${problem}`), ...wrong];
  const of = head === undefined ? 'no archive' : `${head.workflow}, batch ${head.batch}`;
  process.stdout.write(
    `${path}: ${of}: ${streams} streams, ${commits} commits, ${events} events\n${digest}\n`,
  );
  for (const problem of found) process.stdout.write(`${problem}\n`);
  if (found.length > 0) process.exitCode = 1;
};
