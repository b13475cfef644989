import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli/sagalog.js', import.meta.url));

/** What came of a command. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command of the command line. */
export const runSagalog = async (...args: readonly string[]): Promise<Ran> => {
  const child = spawn(process.execPath, [CLI, ...args]);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { code, output, errors };
};

/** Runs commands of the command line against a server. */
export const sagalogAt =
  ({ url }: { readonly url: string }) =>
  (...args: readonly string[]): Promise<Ran> =>
    runSagalog(...args, '--url', new URL(url).origin);
