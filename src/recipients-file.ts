import { readFile } from 'node:fs/promises';
import { ConfigError } from './config.ts';
import { parseRecipients, type Recipient } from './domain/notification/recipients.ts';

const VARIABLE = 'SAGALOG_SECRET_';

/** The recipients of a file, with their secrets from the environment. Rejects with `ConfigError` and every problem, none of which shows a secret. */
export const readRecipients = async (
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, Recipient>> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw new ConfigError([
      `SAGALOG_RECIPIENTS: expected a file that can be read, but ${path} cannot: ${code}.`,
    ]);
  }
  const parsed = parseRecipients(text, (name) => env[VARIABLE + name]);
  if (parsed.ok) return parsed.recipients;
  throw new ConfigError(
    parsed.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`),
  );
};
