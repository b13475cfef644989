import type { DomainEvent } from '../event.ts';

interface OfTrigger {
  readonly workflow: string;
  /** Hash of what the trigger's key came to; empty where it has none. */
  readonly key: string;
  /** Id of the accepted event that is decided about. */
  readonly event: string;
}

/** An event starts this execution, by that version (its hash): from now on that is the one of its key. */
export type TriggerFired = DomainEvent<
  'trigger.fired',
  OfTrigger & { readonly definition: string; readonly execution: string },
  undefined
>;

/** An event does not start this execution, since the one of its key is `running`. */
export type TriggerSkipped = DomainEvent<
  'trigger.skipped',
  OfTrigger & { readonly execution: string; readonly running: string },
  undefined
>;

/** Everything that is decided of a trigger that does not start an execution for each event. */
export type TriggerEvent = TriggerFired | TriggerSkipped;
