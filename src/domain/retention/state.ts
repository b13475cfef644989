import type { ChosenExecution, RetentionChosen, RetentionEvent } from './events.ts';

/** A batch that is to be removed and is not yet. */
export interface PendingBatch {
  readonly facts: RetentionChosen['facts'];
  readonly executions: readonly ChosenExecution[];
}

/** What was removed of a workflow, and where it is. Times are ms since the Unix epoch. */
export interface RetentionState {
  /** While somebody removes, or was to: what is asked for, and since when. */
  readonly open?: { readonly before: number; readonly archives: boolean; readonly begunAt: number };
  readonly pending?: PendingBatch;
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

/** What was removed after an event that happened at `at` (ms since the Unix epoch). */
export const evolveRetention = (state: RetentionState, event: RetentionEvent, at: number): RetentionState => {
  switch (event.type) {
    case 'retention.begun': {
      const { before, archives } = event.facts;
      return { ...state, open: { before, archives, begunAt: at } };
    }
    case 'retention.chosen': {
      const { facts, payload } = event;
      const archived = facts.archive === undefined ? state.archived : [...state.archived, { ...facts, at }];
      return { ...state, pending: { facts, ...payload }, batches: facts.batch, archived };
    }
    case 'retention.removed': {
      const { pending: _done, ...rest } = state;
      return { ...rest, removed: state.removed + event.facts.removed };
    }
    case 'retention.ended': {
      const { open: _over, ...rest } = state;
      return { ...rest, endedAt: at };
    }
    default:
      return event satisfies never;
  }
};
