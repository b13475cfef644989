import type { Activities } from './ports/activities.ts';
import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { ReadModels } from './ports/read-models.ts';

/**
 * What is put around ports, such as tracing: each is given the port that the server would use otherwise.
 * With `readModels` views are folded in the server's own thread.
 */
export interface Decorations {
  readonly log?: (log: EventLog) => EventLog;
  readonly readModels?: (readModels: ReadModels) => ReadModels;
  readonly clock?: (clock: Clock) => Clock;
  readonly activities?: (activities: Activities) => Activities;
}

/** A port with its decoration, or as it is. */
export const decorated = <Port>(port: Port, decoration: ((port: Port) => Port) | undefined): Port =>
  decoration === undefined ? port : decoration(port);
