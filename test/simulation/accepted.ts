import type { OperatorCommand } from '../../src/domain/execution/commands.ts';
import type { Known } from './client.ts';

/** What clients asked for and what they know of it. */
export interface Accepted {
  readonly registered: { readonly workflow: string; readonly known: Known }[];
  readonly started: {
    readonly workflow: string;
    readonly key: string | undefined;
    /** Number of the version that was asked for. */
    readonly version: number | undefined;
    /** Position of the latest change of its workflow that clients knew of. */
    readonly since: bigint;
    readonly known: Known;
  }[];
  /** Changes of what new executions run. */
  readonly changed: { readonly workflow: string; readonly known: Known }[];
  /** Schedules that were paused or resumed. */
  readonly paused: { readonly workflow: string; readonly type: string; readonly known: Known }[];
  readonly emitted: { readonly event: string; readonly key: string | undefined; readonly known: Known }[];
  readonly signalled: { readonly id: string; readonly signal: string; readonly known: Known }[];
  readonly decided: {
    readonly id: string;
    readonly step: string;
    readonly by: string;
    readonly known: Known;
  }[];
  readonly cancelled: { readonly id: string; readonly known: Known }[];
  readonly migrated: {
    readonly id: string;
    /** Number of the version. */
    readonly to: number;
    readonly dryRun: boolean;
    readonly known: Known;
  }[];
  readonly operated: {
    readonly id: string;
    readonly operation: OperatorCommand;
    readonly known: Known;
  }[];
  /** What is kept no longer, or is brought back. */
  readonly kept: {
    readonly what: 'remove' | 'truncate' | 'truncate all' | 'bring back';
    readonly known: Known;
  }[];
}

/** Nothing was asked for yet. */
export const nothingAccepted = (): Accepted => ({
  registered: [],
  started: [],
  changed: [],
  paused: [],
  emitted: [],
  signalled: [],
  decided: [],
  cancelled: [],
  migrated: [],
  operated: [],
  kept: [],
});
