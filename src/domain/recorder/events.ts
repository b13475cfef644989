import type { DomainEvent } from '../event.ts';

/** A recorder has all events up to a position of the log (a whole number, as text). */
export type RecorderAdvanced = DomainEvent<
  'recorder.advanced',
  { readonly recorder: string; readonly position: string },
  undefined
>;
