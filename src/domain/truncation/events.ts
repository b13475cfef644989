import type { DomainEvent } from '../event.ts';

interface OfBatch {
  /** Counts from 1, over all that was ever begun, of whatever workflow. */
  readonly batch: number;
}

interface OfWorkflow extends OfBatch {
  readonly workflow: string;
  /** The batch of the workflow's retention that the executions were removed with. */
  readonly removal: number;
  /** The first of them that is meant, counted from 0 in the order of that batch. */
  readonly first: number;
  /** How many are meant from there on. */
  readonly executions: number;
}

/**
 * The streams of executions that were removed are to be truncated. What another batch has begun of the same and not chosen
 * is of no account any more.
 */
export type TruncationBegun = DomainEvent<'truncation.begun', OfWorkflow, undefined>;

/**
 * So many events of a batch in brief, which stood from position `from` to `to` (whole numbers, as text). The payload is
 * what views are folded from: their facts, and what of their metadata is not personal, deflated and in base64. Payloads are
 * left out. It counts once the batch was chosen.
 */
export type TruncationCondensed = DomainEvent<
  'truncation.condensed',
  OfBatch & { readonly from: string; readonly to: string; readonly events: number },
  { readonly deflated: string }
> & { readonly payload: { readonly deflated: string } };

/**
 * All events of a batch are there in brief, and are read so from now on: so many, which stood from position `from` to `to`.
 * `streams` of the executions are given up behind this.
 */
export type TruncationChosen = DomainEvent<
  'truncation.chosen',
  OfWorkflow & {
    readonly streams: number;
    readonly events: number;
    readonly from: string;
    readonly to: string;
  },
  undefined
>;

/**
 * A batch is done: so many streams were truncated; the others were `left`, since something has happened to
 * them since: they are back, or were removed once more with a later batch, which has them then.
 */
export type TruncationEnded = DomainEvent<
  'truncation.ended',
  OfWorkflow & { readonly truncated: number; readonly left: number },
  undefined
>;

/** What happens to the streams of executions that were removed. */
export type TruncationEvent = TruncationBegun | TruncationCondensed | TruncationChosen | TruncationEnded;
