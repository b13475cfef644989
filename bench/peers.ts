import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figures, Workload } from './figures.ts';

/** What an engine is measured with. */
export interface RunOptions {
  readonly work: Workload;
  /** A folder for its files, on the disk that is measured. */
  readonly folder: string;
}

/** Starts an engine, measures it, stops it. */
export type Run = (options: RunOptions) => Promise<Figures>;

/** Restate, installed on demand: its packages are no part of the product. */
export const runRestate: Run = async (options) => {
  const folder = fileURLToPath(new URL('./restate', import.meta.url));
  if (!existsSync(`${folder}/node_modules`))
    execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
  // Not a literal: the compiler would want the packages to be there.
  const module = new URL('./restate/run-restate.ts', import.meta.url).href;
  const { run } = (await import(module)) as { readonly run: Run };
  return run(options);
};
