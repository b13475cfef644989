import type { JsonObject } from '../json.ts';
import type { WorkflowEvent } from './events.ts';

/** One registered version. */
export interface WorkflowVersion {
  /** Its hash. */
  readonly definition: string;
  /** As it is stored: canonical. */
  readonly document: JsonObject;
  readonly triggerEvent: string;
  readonly isRetired: boolean;
}

/** A workflow as its events tell it. */
export interface WorkflowState {
  /** In the order of their numbers, from 1. */
  readonly versions: readonly WorkflowVersion[];
  /** Number of the version that was set to be run; without it the latest is. */
  readonly defaultNumber?: number;
  readonly isRetired: boolean;
}

/** A workflow before its first event. */
export const UNREGISTERED: WorkflowState = Object.freeze({ versions: Object.freeze([]), isRetired: false });

const retiring = (state: WorkflowState, number: number, isRetired: boolean): WorkflowState => ({
  ...state,
  versions: state.versions.map((version, index) =>
    index === number - 1 ? { ...version, isRetired } : version,
  ),
});

/** The workflow after an event. */
export const evolveWorkflow = (state: WorkflowState, event: WorkflowEvent): WorkflowState => {
  switch (event.type) {
    case 'workflow.registered': {
      const { definition, triggerEvent } = event.facts;
      const { document } = event.payload;
      return {
        ...state,
        versions: [...state.versions, { definition, document, triggerEvent, isRetired: false }],
      };
    }
    case 'workflow.default_set':
      return { ...state, defaultNumber: event.facts.number };
    case 'workflow.default_cleared': {
      const { defaultNumber: _cleared, ...rest } = state;
      return rest;
    }
    case 'workflow.retired':
      return { ...state, isRetired: true };
    case 'workflow.unretired':
      return { ...state, isRetired: false };
    case 'workflow.version_retired':
      return retiring(state, event.facts.number, true);
    case 'workflow.version_unretired':
      return retiring(state, event.facts.number, false);
    default:
      return event satisfies never;
  }
};
