import { pino } from 'pino';
import type { LogLevel } from '../../config.ts';
import type { Logger } from '../../ports/logger.ts';

/** JSON lines on standard error, so that standard output stays free for what commands print. */
export const createLogger = (level: LogLevel): Logger =>
  pino({ level, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
