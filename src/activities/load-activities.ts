import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Activity } from '../ports/activities.ts';
import { problemOf } from './define-activity.ts';
import { ActivityError, createActivities, type FoundActivity } from './registry.ts';

/**
 * The activities that the modules of a folder export, by name or by default: every .js, .mjs, .ts and .mts in it
 * and in its sub-folders, one level deep. All or none: rejects with an `ActivityError` that names the file, for a
 * module that cannot be loaded or exports no activity, and for a name that is there twice.
 */
export const loadActivities = async (folder: string): Promise<readonly FoundActivity[]> => {
  const found: FoundActivity[] = [];
  for (const file of await modulesOf(folder)) found.push(...(await activitiesOf(file)));
  createActivities(found);
  return found;
};

const MODULE = /\.m?[jt]s$/;
const NOT_A_MODULE = /\.d\.m?ts$|\.(spec|test)\.m?[jt]s$/;

const modulesOf = async (folder: string): Promise<readonly string[]> => {
  const modules: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (isModule(entry)) modules.push(path);
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    for (const inner of await entriesOf(path)) if (isModule(inner)) modules.push(join(path, inner.name));
  }
  return modules;
};

interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

const isModule = (entry: Entry): boolean =>
  (entry.isFile() || entry.isSymbolicLink()) && MODULE.test(entry.name) && !NOT_A_MODULE.test(entry.name);

const entriesOf = async (folder: string): Promise<readonly Entry[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new ActivityError(
      `${folder}: Expected a folder of activity modules, but it cannot be read: ${(error as Error).message}`,
      error,
    );
  }
};

const activitiesOf = async (file: string): Promise<readonly FoundActivity[]> => {
  const exported = new Set<Activity>();
  for (const [name, value] of Object.entries(await load(file))) {
    if (!looksLikeActivity(value)) continue;
    const problem = problemOf(value);
    if (problem !== undefined) throw new ActivityError(`${file}: In its export "${name}": ${problem}`);
    exported.add(value);
  }
  if (exported.size === 0)
    throw new ActivityError(
      `${file}: Expected a module that exports activities (defineActivity({ name, run })), but it exports none.`,
    );
  return [...exported].map((activity) => ({ activity, from: file }));
};

const load = async (file: string): Promise<object> => {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new ActivityError(
      `${file}: Expected a module that can be loaded, but loading it failed: ${message}`,
      error,
    );
  }
};

/** An object that can be run is meant as an activity, so what it lacks is worth an error. */
const looksLikeActivity = (value: unknown): value is Activity =>
  typeof value === 'object' && value !== null && 'run' in value;
