import type { ChosenExecution, RetentionChosen, RetentionEvent } from './events.ts';

/** A batch that is to be removed and is not yet. */
export interface PendingBatch {
  readonly facts: RetentionChosen['facts'];
  readonly executions: readonly ChosenExecution[];
}

/** How far removing what a workflow keeps no longer has got: what whoever goes on with it goes by. */
export interface RetentionProgress {
  /** Somebody removes, or was to. */
  readonly isOpen: boolean;
  readonly pending?: PendingBatch;
  /** How many batches were chosen. */
  readonly batches: number;
}

/** Nobody has ever removed anything. */
export const NOTHING_BEGUN: RetentionProgress = Object.freeze({ isOpen: false, batches: 0 });

/** How far it has got after an event; what was before the last batch was chosen makes no difference. */
export const evolveProgress = (state: RetentionProgress, event: RetentionEvent): RetentionProgress => {
  const { pending: _done, ...rest } = state;
  switch (event.type) {
    case 'retention.begun':
      return { ...state, isOpen: true };
    case 'retention.chosen': {
      const { facts, payload } = event;
      return { isOpen: true, pending: { facts, ...payload }, batches: facts.batch };
    }
    case 'retention.removed':
      return rest;
    case 'retention.ended':
      return { ...state, isOpen: false };
    default:
      return event satisfies never;
  }
};

/** What was removed of a workflow, and where it is. Times are ms since the Unix epoch. */
export interface RetentionState {
  /** While somebody removes, or was to: since when. */
  readonly openSince?: number;
  /** How many batches were chosen. */
  readonly batches: number;
  readonly removed: number;
  readonly endedAt?: number;
  /** What the archives were made of, in their order. */
  readonly archived: readonly (RetentionChosen['facts'] & { readonly at: number })[];
}

/** Nothing was ever removed. */
export const NOTHING_REMOVED: RetentionState = Object.freeze({
  batches: 0,
  removed: 0,
  archived: Object.freeze([]),
});

type FactsOf<Event extends RetentionEvent> = Event extends unknown ? Pick<Event, 'type' | 'facts'> : never;

/** An event without its payload, which names hundreds of executions. */
export type RetentionFacts = FactsOf<RetentionEvent>;

/** What was removed after an event that happened at `at` (ms since the Unix epoch). */
export const evolveRetention = (state: RetentionState, event: RetentionFacts, at: number): RetentionState => {
  switch (event.type) {
    case 'retention.begun':
      return { ...state, openSince: at };
    case 'retention.chosen': {
      const { facts } = event;
      const archived = facts.archive === undefined ? state.archived : [...state.archived, { ...facts, at }];
      return { ...state, batches: facts.batch, archived };
    }
    case 'retention.removed':
      return { ...state, removed: state.removed + event.facts.removed };
    case 'retention.ended': {
      const { openSince: _over, ...rest } = state;
      return { ...rest, endedAt: at };
    }
    default:
      return event satisfies never;
  }
};
