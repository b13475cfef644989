import { LogCorrupt, LogUnavailable } from '../../ports/event-log.ts';
import { saysCorrupt } from './codes.ts';

/** What to tell whoever opens or reads a file that cannot be what was written. */
export const corrupt = (file: string, problem: string, cause?: unknown): LogCorrupt =>
  new LogCorrupt(
    `Expected ${file} to be a whole log, but ${problem}. Nothing was changed: restore the folder from a backup, or move it away to start with an empty log.`,
    cause,
  );

/** The port's error for what was thrown while the file was used. */
export const portError = (file: string, error: unknown): LogCorrupt | LogUnavailable => {
  if (error instanceof LogCorrupt || error instanceof LogUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (saysCorrupt(error) || error instanceof SyntaxError) return corrupt(file, message, error);
  return new LogUnavailable(`Expected the log ${file} to answer, but: ${message}.`, error);
};

/** The error of a call on a log that was closed. */
export const closed = (file: string): LogUnavailable =>
  new LogUnavailable(`Expected the log ${file} to be open, but it was closed.`);
