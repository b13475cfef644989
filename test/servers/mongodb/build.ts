import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyPatches, PATCHES } from './patches.ts';

const SOURCES = ['go.mod', 'go.sum', 'main.go'];
const FERRETDB = 'github.com/FerretDB/FerretDB';

/** There is no server to test with, and why. */
export class NoMongo extends Error {}

/** Where the program is kept: outside the tree, under a name that changes with its sources. */
const programPath = async (): Promise<{ readonly path: string; readonly version: string }> => {
  const texts = await Promise.all(SOURCES.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  const hash = createHash('sha256')
    .update(JSON.stringify([texts, PATCHES]))
    .digest('hex')
    .slice(0, 12);
  const version = texts[0]?.split(`${FERRETDB} `)[1]?.split('\n')[0] ?? '';
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return { path: join(cache, 'sagalog', `ferretdb-${version}-${hash}`), version };
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const go = async (cwd: string, ...args: readonly string[]): Promise<void> => {
  const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '' };
  const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  let code: unknown;
  try {
    [code] = await once(child, 'exit');
  } catch (cause) {
    throw new NoMongo(
      'Expected Go 1.22 or later to build FerretDB with, but there is no go on the PATH. Install it, or set MONGODB_URL to a server for tests.',
      { cause },
    );
  }
  if (code !== 0) {
    throw new NoMongo(`Expected go ${args[0]} to help to build FerretDB, but it ended with ${String(code)}.`);
  }
};

const build = async (path: string): Promise<void> => {
  // Several builds at once, or one that is broken off, leave no half program under the name.
  const folder = `${path}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  try {
    await Promise.all(SOURCES.map((name) => copyFile(join(import.meta.dirname, name), join(folder, name))));
    await go(folder, 'mod', 'vendor');
    await applyPatches(join(folder, 'vendor', FERRETDB));
    await go(folder, 'build', '-trimpath', '-buildvcs=false', '-o', 'program', '.');
    await rename(join(folder, 'program'), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Builds the MongoDB server for tests unless it is there; answers the program's path. Rejects with `NoMongo`. */
export const buildMongo = async (say: (text: string) => void = () => undefined): Promise<string> => {
  const { path, version } = await programPath();
  if (await isThere(path)) return path;
  say(`Building FerretDB ${version} in ${dirname(path)}, which takes a minute or two, once.`);
  await build(path);
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
