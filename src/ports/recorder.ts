import type { RecordedEvent } from '../domain/event.ts';

/**
 * Somebody who is given every event once it is durable, in the order of the log: at least once, by one node at a time.
 * Each has a name of its own, by which it is known how far it has got.
 */
export interface Recorder {
  readonly name: string;
  /** Where one begins that has got nowhere yet: with the first event of the log, or with those from now on. */
  readonly from: 'start' | 'now';
  /**
   * Takes events; resolves when they are safe with it. The same ones come again when it rejects, and after a crash.
   * `over` is aborted when nobody waits any more.
   */
  record(events: readonly RecordedEvent[], over: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
