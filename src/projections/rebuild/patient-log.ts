import type { ReadLog } from '../../ports/whole-log.ts';
import type { Patience } from '../patience.ts';

/** A log for a pass, which does not end because what was given up cannot be read for a while. */
export const patientLog = (log: ReadLog, patience: Patience): ReadLog => ({
  subscribe: (options) => log.subscribe(options),
  head: (stream) =>
    patience.retry(
      () => log.head(stream),
      () => undefined,
    ),
  read: (stream, options) =>
    patience.retry(
      () => log.read(stream, options),
      () => undefined,
    ),
});
