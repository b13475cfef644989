import type { DomainEvent } from '../event.ts';
import type { Json } from '../json.ts';
import type { E, ErrorPayload, GivenUp, OfStep } from './events.ts';

interface OfBranch extends OfStep {
  /** Which branch of the block that `step` is: its key, as it stands in paths. */
  readonly branch: string;
  /** Of a loop's turn, which is forgotten when it ends: the steps that can still be undone, if any. */
  readonly kept?: readonly string[];
}

/** All steps of a branch have ended. The payload is what it gives, where the definition collects that. */
export type BranchCompleted = DomainEvent<'branch.completed', OfBranch, { readonly output: Json }>;

/** A branch has ended because the step with the path `failed` has failed. */
export type BranchFailed = E<
  'branch.failed',
  OfBranch & { readonly failed: string; readonly errorType: string },
  { readonly error: ErrorPayload }
>;

/** A branch was given up. Its calls under way are told to end. */
export type BranchCancelled = E<'branch.cancelled', OfBranch & { readonly reason: GivenUp }>;

/** How a branch of a block ends. */
export type BranchEvent = BranchCompleted | BranchFailed | BranchCancelled;
