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

interface OfGathering {
  readonly workflow: string;
  /** Hash of what the key came to; empty where there is none. */
  readonly key: string;
  /** Hash of the version that the last event is to start. */
  readonly definition: string;
  /** Revision of the first event that is gathered; those behind it follow one another. */
  readonly from: number;
  /** How many there are. */
  readonly count: number;
}

/**
 * An accepted event waits to start an execution with others of its key: `dueAt` the latest, unless more come. `bytes` is
 * what the payloads of all of them take. Times are ms since the Unix epoch.
 */
export type TriggerGathered = DomainEvent<
  'trigger.gathered',
  OfGathering & {
    readonly event: string;
    readonly kind: 'debounce' | 'batch';
    readonly bytes: number;
    /** When the first of them came. */
    readonly since: number;
    readonly dueAt: number;
  },
  undefined
>;

/**
 * What was gathered starts this execution: it was `due`, there were enough of them (`full`), one more would be too large
 * to be kept with them (`large`), or a version gathers otherwise (`changed`).
 */
export type TriggerReleased = DomainEvent<
  'trigger.released',
  OfGathering & {
    readonly execution: string;
    readonly reason: 'due' | 'full' | 'large' | 'changed';
  },
  undefined
>;

/** Everything that happens to events that are gathered. */
export type GatheringEvent = TriggerGathered | TriggerReleased;

/** Everything that is decided of a trigger that does not start an execution for each event. */
export type TriggerEvent = TriggerFired | TriggerSkipped;
