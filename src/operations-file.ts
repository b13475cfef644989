import { readConfigFile } from './config-file.ts';
import { parseOperations, type Documents } from './graphql/driver/allowed-operations.ts';

/** The documents of a file, which alone are carried out then. Rejects with `ConfigError` and every problem. */
export const readOperations = async (path: string): Promise<Documents> =>
  (await readConfigFile('SAGALOG_OPERATIONS', path, parseOperations)).documents;
