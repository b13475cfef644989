import { createLogger } from '../src/adapters/pino/logger.ts';
import { readConfig } from '../src/config.ts';
import { openCore, type CoreOptions } from '../src/core.ts';
import type { Core } from '../src/create-core.ts';

/** The core on embedded stores in a folder, as `npm start` runs it, but quieter. */
export const openBenchCore = (
  folder: string,
  parts: Omit<CoreOptions, 'config' | 'logger'> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Core> => {
  const config = readConfig({ ...env, SAGALOG_DATA: folder, SAGALOG_LOG: 'warn' });
  return openCore({ config, logger: createLogger(config.logLevel), ...parts });
};
