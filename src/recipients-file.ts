import { readConfigFile } from './config-file.ts';
import { parseRecipients, type Recipient } from './domain/notification/recipients.ts';

const VARIABLE = 'SAGALOG_SECRET_';

/** The recipients of a file, with their secrets from the environment. Rejects with `ConfigError` and every problem, none of which shows a secret. */
export const readRecipients = async (
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, Recipient>> => {
  const parse = (text: string) => parseRecipients(text, (name) => env[VARIABLE + name]);
  return (await readConfigFile('SAGALOG_RECIPIENTS', path, parse)).recipients;
};
