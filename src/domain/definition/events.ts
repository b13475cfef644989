import type { DomainEvent } from '../event.ts';
import type { JsonObject } from '../json.ts';

/** A version of a workflow was registered; `definition` is its hash, `number` counts from 1. */
export type WorkflowRegistered = DomainEvent<
  'workflow.registered',
  {
    readonly workflow: string;
    readonly definition: string;
    readonly number: number;
    /** Type of the event that starts it; empty when it is only started by hand. */
    readonly triggerEvent: string;
  },
  { readonly source: string; readonly document: JsonObject }
> & { readonly payload: { readonly source: string; readonly document: JsonObject } };
