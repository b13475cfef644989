import type { LoggerService } from '@nestjs/common';
import type { Logger } from './ports/logger.ts';

/** Nest's own lines, in the server's log. Its notes on what it wires together are for debugging only. */
export const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown) => logger.debug({ component: 'nest' }, String(message)),
  debug: (message: unknown) => logger.debug({ component: 'nest' }, String(message)),
  verbose: (message: unknown) => logger.debug({ component: 'nest' }, String(message)),
  warn: (message: unknown) => logger.warn({ component: 'nest' }, String(message)),
  error: (message: unknown, ...more: unknown[]) =>
    logger.error({ component: 'nest', more: more.map(String) }, String(message)),
});
