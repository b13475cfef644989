import type { EventType } from '../domain/registry.ts';
import { EXECUTION_EVENTS, STEP_EVENTS } from './ignored.ts';

/** The events that are in the logs of runs: all that happen to executions. */
export const LOGGED = [...EXECUTION_EVENTS, ...STEP_EVENTS] as const satisfies readonly EventType[];
