import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { evolve } from '../../../src/domain/execution/evolve.ts';
import { INITIAL, type ExecutionState } from '../../../src/domain/execution/state.ts';

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

/** What events make of an execution, a minute after each other, with all state frozen. */
export const after = (...events: readonly ExecutionEvent[]): ExecutionState =>
  events.reduce((state, event, n) => frozen(evolve(state, event, n * 60_000)), frozen(INITIAL));

/** The error of the samples. */
export const error = { type: 'Oops', message: 'It went wrong.' };
