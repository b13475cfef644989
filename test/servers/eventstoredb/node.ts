import type { Access } from './access.ts';
import type { Bell } from './bell.ts';
import type { Calls } from './calls.ts';
import type { ArmedFaults } from './faults.ts';
import type { Log } from './log.ts';
import type { Counters } from './stats.ts';

/** What the handlers of a running server share. */
export interface Node {
  readonly log: Log;
  readonly bell: Bell;
  readonly faults: ArmedFaults;
  readonly counters: Counters;
  readonly calls: Calls;
  readonly access: Access;
  readonly version: string;
  /** Bytes. */
  readonly maxAppendSize: number;
  /** Where clients reach this node. */
  readonly host: string;
  port(): number;
  /** Cuts a peer's connection. */
  cut(peer: string): void;
}
