import type { TruncationBegun, TruncationChosen, TruncationEvent } from './events.ts';

/** How far the streams of a workflow are truncated. */
export interface TruncatedWorkflow {
  /** The batch of its retention that was truncated last, and how many executions of it were looked at. */
  readonly removal: number;
  readonly upTo: number;
  /** Streams, ever. */
  readonly truncated: number;
}

/** What was truncated, and what is to be. */
export interface TruncationState {
  /** How many batches were begun. */
  readonly batches: number;
  /** Begun, and not over. */
  readonly open?: TruncationBegun['facts'];
  /** Chosen, and not over: its streams are given up whatever comes between. */
  readonly chosen?: TruncationChosen['facts'];
  readonly workflows: Readonly<Record<string, TruncatedWorkflow>>;
}

/** Nothing was ever truncated. */
export const NOTHING_TRUNCATED: TruncationState = Object.freeze({
  batches: 0,
  workflows: Object.freeze({}),
});

/** How far the streams of a workflow are truncated. */
export const truncatedOf = ({ workflows }: TruncationState, workflow: string): TruncatedWorkflow =>
  Object.hasOwn(workflows, workflow)
    ? (workflows[workflow] as TruncatedWorkflow)
    : { removal: 0, upTo: 0, truncated: 0 };

/** What was truncated after an event. */
export const evolveTruncations = (state: TruncationState, event: TruncationEvent): TruncationState => {
  switch (event.type) {
    case 'truncation.begun':
      return { ...state, batches: event.facts.batch, open: event.facts };
    case 'truncation.condensed':
      return state;
    case 'truncation.chosen':
      return { ...state, chosen: event.facts };
    case 'truncation.ended': {
      const { open: _open, chosen: _chosen, ...rest } = state;
      const { workflow, removal, first, executions, truncated } = event.facts;
      const before = truncatedOf(state, workflow);
      const after = { removal, upTo: first + executions, truncated: before.truncated + truncated };
      return { ...rest, workflows: { ...state.workflows, [workflow]: after } };
    }
    default:
      return event satisfies never;
  }
};
