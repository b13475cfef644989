import type { JsonObject } from '../json.ts';
import type { LogLevel } from '../log-level.ts';
import type { E, OfStep } from './events.ts';

/** A line that an activity wrote while it was called, at a time of its own (ms since the Unix epoch). */
export type StepLogged = E<
  'step.logged',
  OfStep & {
    readonly activity: string;
    readonly attempt: number;
    /** The attempt undoes the step. */
    readonly compensation?: true;
    readonly level: LogLevel;
    readonly at: number;
  },
  { readonly message: string; readonly fields?: JsonObject }
>;

/** A line as an activity wrote it. */
export interface LogLine {
  readonly level: LogLevel;
  readonly at: number;
  readonly message: string;
  readonly fields?: JsonObject;
}
