import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { gzipArchives } from '../../../src/adapters/archives/gzip-archives.ts';

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'archives-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return join(path, 'made', 'when-needed');
};

async function* lines(count: number, failing = false) {
  for (let n = 0; n < count; n += 1) yield `line ${n} of ${'ü'.repeat(n % 50)}`;
  if (failing) throw new Error('The log is away.');
}

it('keeps lines under a name of their own, and says what the file is', async () => {
  const path = await folder();
  const archives = gzipArchives(path);
  const stored = await archives.write('parcel-000001', lines(9_999));
  const file = await readFile(join(path, stored.name));
  expect(stored.bytes).toBe(file.length);
  expect(stored.digest).toBe(`sha256:${createHash('sha256').update(file).digest('hex')}`);
  expect(stored.name).toBe(`parcel-000001-${stored.digest.slice(7, 19)}.ndjson.gz`);
  const written = await text(Readable.from(lines(9_999)).map((line) => `${line}\n`));
  expect(gunzipSync(file).toString()).toBe(written);
  expect(await archives.write('parcel-000001', lines(9_999))).toEqual(stored);
  const other = await archives.write('parcel-000001', lines(3));
  expect((await readdir(path)).sort()).toEqual([stored.name, other.name].sort());
});

it('leaves nothing behind when the lines end amid', async () => {
  const path = await folder();
  await expect(gzipArchives(path).write('parcel-000001', lines(9_999, true))).rejects.toThrow(
    'The log is away.',
  );
  expect(await readdir(path)).toEqual([]);
});

const read = (archives: ReturnType<typeof gzipArchives>, name: string): Promise<string> =>
  text(Readable.from(archives.read(name)).map((line) => `${line}\n`));

it('gives the lines again as they were written', async () => {
  const archives = gzipArchives(await folder());
  const { name } = await archives.write('parcel-000001', lines(9_999));
  const written = await text(Readable.from(lines(9_999)).map((line) => `${line}\n`));
  expect(await read(archives, name)).toBe(written);
});

it.each(['other.ndjson.gz', 'a-folder', '../outside', '.unfinished', '', 'a\0b'])(
  'has no archive called %j',
  async (name) => {
    const path = await folder();
    await mkdir(join(path, 'a-folder'), { recursive: true });
    await writeFile(join(path, '.unfinished'), 'x');
    await writeFile(join(path, '..', 'outside'), 'x');
    await expect(read(gzipArchives(path), name)).rejects.toMatchObject({ code: 'ARCHIVE_NOT_FOUND' });
  },
);

it.each(['form', 'end'])('does not give for whole what has not the %s of an archive', async (missing) => {
  const path = await folder();
  const archives = gzipArchives(path);
  const { name } = await archives.write('parcel-000001', lines(9_999));
  const file = join(path, name);
  const bytes = await readFile(file);
  await writeFile(file, missing === 'form' ? 'hello' : bytes.subarray(0, bytes.length - 20));
  await expect(read(archives, name)).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
});
