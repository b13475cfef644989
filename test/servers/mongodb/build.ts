import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const SOURCES = ['go.mod', 'go.sum', 'main.go', 'relay.go'];
const HERE = import.meta.dirname;

/** There is no server to test with, and why. */
export class NoMongo extends Error {}

const versionOf = (goMod: string): string => /FerretDB\/FerretDB (\S+)/.exec(goMod)?.[1] ?? 'unknown';

/** Where the program is kept: outside the tree, under a name that changes with its sources. */
const programPath = async (): Promise<{ readonly path: string; readonly version: string }> => {
  const texts = await Promise.all(SOURCES.map((name) => readFile(join(HERE, name), 'utf8')));
  const hash = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12);
  const version = versionOf(texts[0] ?? '');
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return { path: join(cache, 'sagalog', `ferretdb-${version}-${hash}`), version };
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const goBuild = async (output: string): Promise<void> => {
  const child = spawn('go', ['build', '-trimpath', '-buildvcs=false', '-o', output, '.'], {
    cwd: HERE,
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let code: unknown;
  try {
    [code] = await once(child, 'exit');
  } catch (cause) {
    throw new NoMongo(
      'Expected Go 1.22 or later to build FerretDB with, but there is no go on the PATH. Install it, or set MONGODB_URL to a server for tests.',
      { cause },
    );
  }
  if (code !== 0) throw new NoMongo(`Expected go build to make FerretDB, but it ended with ${String(code)}.`);
};

/** Builds the MongoDB server for tests unless it is there; answers the program's path. Rejects with `NoMongo`. */
export const buildMongo = async (say: (text: string) => void = () => undefined): Promise<string> => {
  const { path, version } = await programPath();
  if (await isThere(path)) return path;
  say(`Building FerretDB ${version}, which takes a minute or two, once.`);
  await mkdir(join(path, '..'), { recursive: true });
  // Several builds at once, or one that is broken off, leave no half program under the name.
  const unfinished = `${path}.${process.pid}`;
  try {
    await goBuild(unfinished);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
};

if (import.meta.main) {
  try {
    console.log(`The MongoDB server for tests is ${await buildMongo((text) => console.log(text))}`);
  } catch (error) {
    if (!(error instanceof NoMongo)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
