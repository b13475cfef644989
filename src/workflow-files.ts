import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.ts';

/** A file with the source of a definition. */
export interface WorkflowFile {
  readonly path: string;
  readonly source: string;
}

const DEFINITION = /\.(ya?ml|json)$/;

const pathsIn = async (folder: string): Promise<readonly string[]> => {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && DEFINITION.test(entry.name)) paths.push(path);
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    for (const inner of await readdir(path)) if (DEFINITION.test(inner)) paths.push(join(path, inner));
  }
  return paths.sort();
};

/**
 * The definitions of a folder and of its sub-folders, one level deep, by path.
 * Rejects with a `ConfigError` when they cannot be read.
 */
export const readWorkflowFiles = async (folder: string): Promise<readonly WorkflowFile[]> => {
  try {
    const paths = await pathsIn(folder);
    return await Promise.all(paths.map(async (path) => ({ path, source: await readFile(path, 'utf8') })));
  } catch (error) {
    const why = (error as Error).message;
    throw new ConfigError([
      `SAGALOG_WORKFLOWS: expected a folder of definitions, but found ${folder}, which cannot be read: ${why}`,
    ]);
  }
};
