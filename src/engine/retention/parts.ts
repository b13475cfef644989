import type { Envelopes, World } from '../../commands/envelope.ts';
import type { Archives } from '../../ports/archives.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { ReadModels } from '../../ports/read-models.ts';

/** What executions are removed with. */
export interface RetentionParts {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly readModels: ReadModels;
  readonly collections: { of(projection: string): Promise<string> };
  readonly archives: Archives;
  /** Everybody who follows the log is here or further; what stands behind it stays. */
  readonly floor: () => Promise<bigint>;
  /** Nothing more is removed. */
  readonly ending: AbortSignal;
  /** Once aborted, a log that is away is not waited for. */
  readonly over: AbortSignal;
}
