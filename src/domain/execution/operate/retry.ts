import { Rejection } from '../../rejection.ts';
import { advanceAll } from '../advance.ts';
import type { Retry } from '../commands.ts';
import { undo } from '../compensation.ts';
import { runsBranches } from '../state.ts';
import type { Turn } from '../turn.ts';
import { notUndone } from '../undo-plan.ts';
import { requireStarted } from './refuse.ts';

/**
 * A failed execution goes on: with the step that it failed of, or with what is left of its undoing.
 * Throws `EXECUTION_NOT_FAILED`, `NOTHING_TO_RETRY`.
 */
export const retry = (turn: Turn, { reason }: Retry): void => {
  requireStarted(turn);
  const { definition, state, context } = turn;
  if (state.status !== 'failed')
    throw new Rejection(
      'EXECUTION_NOT_FAILED',
      `Expected an execution that has failed, but ${context.executionId} is ${state.status}.`,
      { field: 'executionId', found: state.status, expected: 'failed' },
    );
  const { failing, failure, compensation } = state;
  if (compensation !== undefined && failure !== undefined) {
    retried(turn, reason, failure.step, []);
    undo(turn, failure.step, failure.error, notUndone(definition, state, compensation));
    return;
  }
  if (failing === undefined)
    throw new Rejection(
      'NOTHING_TO_RETRY',
      `Expected an execution that failed in a step, but ${context.executionId} failed before its first: start another one.`,
      { field: 'executionId', found: 'failed', expected: 'a failure in a step' },
    );
  const { step, before } = failing;
  const blocks = Object.entries(before.steps).flatMap(([path, known]) =>
    runsBranches(known) && path !== step ? [path] : [],
  );
  retried(turn, reason, step, blocks);
  advanceAll(turn);
};

const retried = (turn: Turn, reason: string, step: string, blocks: readonly string[]): void =>
  turn.emit({
    type: 'execution.retried',
    facts: { workflow: turn.state.workflow, step, blocks },
    payload: { reason },
  });
