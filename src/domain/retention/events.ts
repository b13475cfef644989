import type { DomainEvent } from '../event.ts';

interface OfWorkflow {
  readonly workflow: string;
}

interface OfBatch extends OfWorkflow {
  /** Counts from 1, over all that was ever removed of the workflow. */
  readonly batch: number;
}

/** Where an execution stood when it was chosen: nothing else may have happened to it until it is removed. */
export interface ChosenExecution {
  readonly id: string;
  readonly revision: number;
  /** Hash of the commit that ends its stream. */
  readonly hash: string;
  readonly status: string;
  readonly endedAt: number;
  readonly tenant: string;
  readonly definition?: string;
}

/**
 * Executions of a workflow that ended before `before` (ms since the Unix epoch) are to be removed, and archived unless
 * not. Whoever did so before, and was not done, stops: what that has chosen is gone on with first.
 */
export type RetentionBegun = DomainEvent<
  'retention.begun',
  OfWorkflow & { readonly before: number; readonly archives: boolean },
  undefined
>;

/**
 * So many executions are to be removed, which ended from `from` to `to` (ms since the Unix epoch). They are in the
 * `archive` of that name, whose bytes have that `digest` (SHA-256), unless they are not archived. The payload is which.
 */
export type RetentionChosen = DomainEvent<
  'retention.chosen',
  OfBatch & {
    readonly executions: number;
    readonly from: number;
    readonly to: number;
    readonly archive?: string;
    readonly digest?: string;
    readonly bytes?: number;
  },
  { readonly executions: readonly ChosenExecution[] }
> & { readonly payload: { readonly executions: readonly ChosenExecution[] } };

/** So many of a batch were removed; the others were `left`, since something had happened to them meanwhile. */
export type RetentionRemoved = DomainEvent<
  'retention.removed',
  OfBatch & { readonly removed: number; readonly left: number },
  undefined
>;

/** Nothing is left that can be removed now; so many were since it was begun. */
export type RetentionEnded = DomainEvent<
  'retention.ended',
  OfWorkflow & { readonly removed: number; readonly batches: number },
  undefined
>;

/** What happens to the executions of a workflow that are kept no longer. */
export type RetentionEvent = RetentionBegun | RetentionChosen | RetentionRemoved | RetentionEnded;
