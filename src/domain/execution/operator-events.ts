import type { E, Phase } from './events.ts';

interface OfExecution {
  readonly workflow: string;
}

interface Reasoned {
  readonly reason: string;
}

/** The run is paused: nothing new is begun any more; what is under way may end. `from` is what it was about. */
export type ExecutionPaused = E<'execution.paused', OfExecution & { readonly from: Phase }, Reasoned>;

/** The run goes on with what it was about. `pausedAt` (ms since the Unix epoch) and `duration` (ms) tell of the pause. */
export type ExecutionResumed = E<
  'execution.resumed',
  OfExecution & { readonly to: Phase; readonly pausedAt: number; readonly duration: number },
  Reasoned
>;

/**
 * A failed execution goes on: with the step that it failed of (none when its time was over), in the `blocks` around it and
 * beside it. Where the definition limits that, it has its whole time again until `deadline`, and each block until the one
 * of `deadlines`. Or it `compensates`: it is undone, or what an undoing before has left, of which `saga.compensating` then
 * says what that is.
 */
export type ExecutionRetried = E<
  'execution.retried',
  OfExecution & {
    readonly step: string;
    readonly blocks: readonly string[];
    readonly compensates?: true;
    readonly deadline?: number;
    readonly deadlines?: Readonly<Record<string, number>>;
  },
  Reasoned
>;

/**
 * The run goes on with another version of its workflow: `definition` is the hash of that, and `number` what it was asked
 * for by; `from` is the hash of the one before.
 */
export type ExecutionMigrated = E<
  'execution.migrated',
  OfExecution & { readonly from: string; readonly definition: string; readonly number: number },
  Reasoned
>;

/** What operators do to a whole execution, besides ending it. */
export type OperatorEvent = ExecutionPaused | ExecutionResumed | ExecutionRetried | ExecutionMigrated;
