import type { DomainEvent } from '../event.ts';
import type { JsonObject } from '../json.ts';

interface OfWorkflow {
  readonly workflow: string;
}

interface OfVersion extends OfWorkflow {
  /** Hash of the version. */
  readonly definition: string;
  /** Counts from 1. */
  readonly number: number;
}

/** An operator's decision; the payload is why, as it was given. */
type Decided<Type extends string, F> = DomainEvent<Type, F, { readonly reason: string }> & {
  readonly payload: { readonly reason: string };
};

/** A version of a workflow was registered. */
export type WorkflowRegistered = DomainEvent<
  'workflow.registered',
  OfVersion & {
    /** Type of the event that starts it; empty when it is only started by hand. */
    readonly triggerEvent: string;
  },
  { readonly source: string; readonly document: JsonObject }
> & { readonly payload: { readonly source: string; readonly document: JsonObject } };

/** New executions run this version, also when others are registered after it; `triggerEvent` is as it was registered. */
export type WorkflowDefaultSet = Decided<
  'workflow.default_set',
  OfVersion & { readonly triggerEvent: string }
>;

/** New executions run the version that was registered last, as they do unless another was set. */
export type WorkflowDefaultCleared = Decided<'workflow.default_cleared', OfWorkflow>;

/** Nothing starts an execution of the workflow any more; those that run go on. */
export type WorkflowRetired = Decided<'workflow.retired', OfWorkflow>;

/** Executions of the workflow may be started again. */
export type WorkflowUnretired = Decided<'workflow.unretired', OfWorkflow>;

/** Nothing starts an execution of this version any more; those that run go on. */
export type WorkflowVersionRetired = Decided<'workflow.version_retired', OfVersion>;

/** Executions of this version may be started again. */
export type WorkflowVersionUnretired = Decided<'workflow.version_unretired', OfVersion>;

/** Everything that can happen to a workflow. */
export type WorkflowEvent =
  | WorkflowRegistered
  | WorkflowDefaultSet
  | WorkflowDefaultCleared
  | WorkflowRetired
  | WorkflowUnretired
  | WorkflowVersionRetired
  | WorkflowVersionUnretired;
