import { readFile } from 'node:fs/promises';
import { ConfigError } from './config.ts';

/** A problem of a configuration file, and where it stands. */
interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type Parsed<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * What the file says that a variable of the environment names. Rejects with `ConfigError`: that it cannot be read, or
 * every problem of it with its place.
 */
export const readConfigFile = async <T>(
  variable: string,
  path: string,
  parse: (text: string) => Parsed<T>,
): Promise<T> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw new ConfigError([`${variable}: expected a file that can be read, but ${path} cannot: ${code}.`]);
  }
  const parsed = parse(text);
  if (parsed.ok) return parsed;
  throw new ConfigError(
    parsed.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`),
  );
};
