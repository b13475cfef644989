import { Rejection } from '../../rejection.ts';
import { isFinal } from '../lifecycle.ts';
import type { Turn } from '../turn.ts';

/** Of which execution something is asked, and how that stands. */
export type Asked = Pick<Turn, 'state'> & { readonly context: Pick<Turn['context'], 'executionId'> };

const ACTIVE = 'running, compensating or paused';

/**
 * Refuses what cannot be asked of an execution that was never started, or of one that is kept no longer. Throws
 * `EXECUTION_NOT_FOUND`, `EXECUTION_REMOVED`.
 */
export const requireStarted = ({ state, context: { executionId } }: Asked): void => {
  if (state.removed)
    throw new Rejection(
      'EXECUTION_REMOVED',
      `Expected an execution that is kept, but ${executionId} was removed after it had ended.`,
      { field: 'executionId', found: executionId },
    );
  if (state.status !== 'none') return;
  throw new Rejection(
    'EXECUTION_NOT_FOUND',
    `Expected the id of an execution, but there is none with "${executionId}".`,
    { field: 'executionId', found: executionId },
  );
};

/** Refuses what can only be asked of an execution that has not ended. Throws `EXECUTION_NOT_FOUND`, `EXECUTION_ENDED`. */
export const requireActive = (turn: Asked): void => {
  requireStarted(turn);
  const { state, context } = turn;
  if (!isFinal(state.status)) return;
  throw new Rejection(
    'EXECUTION_ENDED',
    `Expected an execution that is active, but ${context.executionId} is ${state.status}.`,
    {
      field: 'executionId',
      found: state.status,
      expected: state.status === 'failed' ? `${ACTIVE}: one that failed can be retried` : ACTIVE,
    },
  );
};

/** Refuses what can only be asked of an execution that has failed. Throws `EXECUTION_NOT_FOUND`, `EXECUTION_NOT_FAILED`. */
export const requireFailed = (turn: Turn, expected: string): void => {
  requireStarted(turn);
  const { state, context } = turn;
  if (state.status === 'failed') return;
  throw new Rejection(
    'EXECUTION_NOT_FAILED',
    `Expected an execution that has failed, but ${context.executionId} is ${state.status}.`,
    { field: 'executionId', found: state.status, expected },
  );
};

/** What an execution that is being undone does not take. */
export const isBeingUndone = ({ context: { executionId } }: Turn, expected: string): Rejection =>
  new Rejection(
    'EXECUTION_COMPENSATING',
    `Expected an execution that is not being undone, but ${executionId} is: ${expected}.`,
    { field: 'executionId', found: 'compensating', expected },
  );
