import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  ArchiveNotFound,
  ArchiveUnreadable,
  type Archives,
  type StoredArchive,
} from '../../ports/archives.ts';

/** Characters of the digest that a name ends with. */
const DIGITS = 12;

async function* fed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

const synced = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Writes to a new file and makes it durable; answers what it holds. */
const writeTo = async (path: string, lines: AsyncIterable<string>): Promise<Omit<StoredArchive, 'name'>> => {
  const digest = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx');
  try {
    const source = Readable.from(fed(lines));
    const packed = source.pipe(createGzip());
    // A pipe does not hand on what went wrong before it.
    source.once('error', (error) => packed.destroy(error));
    for await (const chunk of packed as AsyncIterable<Buffer>) {
      digest.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { digest: `sha256:${digest.digest('hex')}`, bytes };
};

const openNamed = async (folder: string, name: string): Promise<FileHandle> => {
  // Nothing outside of the folder, and nothing that is not finished.
  if (name !== basename(name) || name.startsWith('.') || name.includes('\0')) throw new ArchiveNotFound(name);
  let handle: FileHandle;
  try {
    handle = await open(join(folder, name), 'r');
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    throw new ArchiveNotFound(name, error);
  }
  await handle.close();
  throw new ArchiveNotFound(name);
};

async function* unpacked(handle: FileHandle, name: string): AsyncGenerator<string> {
  const unpacking = createGunzip();
  // Its failure destroys what is read from, which then ends without one.
  const piped = pipeline(handle.createReadStream(), unpacking).then(
    () => undefined,
    (error: unknown) => new ArchiveUnreadable(name, error),
  );
  try {
    yield* createInterface({ input: unpacking, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new ArchiveUnreadable(name, error);
  } finally {
    unpacking.destroy();
  }
  const failure = await piped;
  if (failure !== undefined) throw failure;
}

/** Keeps archives as gzip files in a folder, which is made when the first is written. A file has its name once it is whole and durable. */
export const gzipArchives = (folder: string): Archives => ({
  write: async (title, lines) => {
    await mkdir(folder, { recursive: true });
    const unfinished = join(folder, `.${title}-${randomUUID()}.unfinished`);
    try {
      const stored = await writeTo(unfinished, lines);
      const name = `${title}-${stored.digest.slice('sha256:'.length).slice(0, DIGITS)}.ndjson.gz`;
      await rename(unfinished, join(folder, name));
      await synced(folder);
      return { name, ...stored };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  },
  read: async function* (name) {
    const handle = await openNamed(folder, name);
    try {
      yield* unpacked(handle, name);
    } finally {
      await handle.close();
    }
  },
});
