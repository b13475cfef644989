import type { ModuleMetadata } from '@nestjs/common';
import type { Metrics } from '../ports/metrics.ts';
import type { ThreadStatus } from '../ports/threads.ts';
import type { Documents } from './driver/allowed-operations.ts';
import type { GraphqlLimits } from './driver/limits.ts';

/** What Nest injects the options of the API by. */
export const GRAPHQL_OPTIONS = Symbol('GraphqlOptions');

/** How the API is served. */
export interface GraphqlOptions {
  /** Modules that export the ports of src/ports/tokens.ts: AUTHENTICATOR, EVENT_LOG, READ_MODELS, PROJECTOR, NODES, READS, REFUSALS, CLOCK, IDS, LOGGER. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** Serves an explorer to browsers, and shows the cause of unforeseen errors. */
  readonly development: boolean;
  readonly limits?: Partial<GraphqlLimits>;
  /** Set: no other documents than these are carried out. */
  readonly documents?: Documents | undefined;
  /** Whether what a peer says of whoever it forwards is believed; of nobody unless given. */
  readonly isProxy?: (address: string | undefined) => boolean;
  /** Milliseconds that a query waits for `waitFor` (default 5,000). */
  readonly waitTimeout?: number;
  /** Whether the server has taken up its work; it is not ready before. */
  readonly started?: () => boolean;
  /** Whether it is known which keys are good; a server that takes none says nothing. */
  readonly knowsKeys?: () => boolean;
  /** How the threads fare that the server has beside this one; it has none unless given. */
  readonly threads?: () => readonly ThreadStatus[];
  /** Set: operations are counted there, and what it counts is served at /metrics. */
  readonly metrics?: Metrics | undefined;
}
