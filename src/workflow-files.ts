import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file with the source of a definition. */
export interface WorkflowFile {
  readonly path: string;
  readonly source: string;
}

const DEFINITION = /\.(ya?ml|json)$/;

/** The definitions of a folder and of its sub-folders, one level deep, by path. Rejects when the folder cannot be read. */
export const readWorkflowFiles = async (folder: string): Promise<readonly WorkflowFile[]> => {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && DEFINITION.test(entry.name)) paths.push(path);
    if (!entry.isDirectory()) continue;
    for (const inner of await readdir(path)) if (DEFINITION.test(inner)) paths.push(join(path, inner));
  }
  return Promise.all(paths.sort().map(async (path) => ({ path, source: await readFile(path, 'utf8') })));
};
