/** How much a line of a log matters, the least first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** How much a line of a log matters. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a line matters as much as it has to. */
export const isAtLeast = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
