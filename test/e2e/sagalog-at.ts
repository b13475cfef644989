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

const run = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> => {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { code, output, errors };
};

/** Runs a command of the command line. */
export const runSagalog = (...args: readonly string[]): Promise<Ran> => run(args, {});

/** Runs commands of the command line against a server, in an environment that has more than this one. */
export const sagalogAt =
  ({ url }: { readonly url: string }, env: Readonly<Record<string, string>> = {}) =>
  (...args: readonly string[]): Promise<Ran> =>
    run([...args, '--url', new URL(url).origin], env);
