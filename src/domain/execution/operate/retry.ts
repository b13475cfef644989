import { Rejection } from '../../rejection.ts';
import type { Compensate, Retry } from '../commands.ts';
import { undo } from '../compensation.ts';
import { goOnWithRun, isLimited, limitsOfRun } from '../go-on.ts';
import { phaseOf, runsBranches } from '../state.ts';
import type { Turn } from '../turn.ts';
import { allToUndo, notUndone } from '../undo-plan.ts';
import { requireFailed, requireStarted } from './refuse.ts';

/**
 * A failed execution goes on: with the step that it failed of, or with what is left of its undoing.
 * Throws `EXECUTION_NOT_FAILED`, `NOTHING_TO_RETRY`.
 */
export const retry = (turn: Turn, { reason }: Retry): void => {
  requireFailed(turn, 'failed');
  const { failing, compensation } = turn.state;
  if (compensation !== undefined) {
    undoLeft(turn, reason, []);
    return;
  }
  if (failing === undefined)
    throw new Rejection(
      'NOTHING_TO_RETRY',
      `Expected an execution that failed in a step, but ${turn.context.executionId} failed before its first: start another one.`,
      { field: 'executionId', found: 'failed', expected: 'a failure in a step' },
    );
  const { step, before } = failing;
  const blocks = Object.entries(before.steps).flatMap(([path, known]) =>
    runsBranches(known) && path !== step ? [path] : [],
  );
  // Of one that has to wait they begin when that is over.
  const limits = isLimited(turn) ? {} : limitsOfRun(turn, blocks);
  const facts = { workflow: turn.state.workflow, step, blocks, ...limits };
  turn.emit({ type: 'execution.retried', facts, payload: { reason } });
  goOnWithRun(turn);
};

/**
 * A failed execution is undone, or what its undoing has left; one that is being undone, or was, stays so.
 * Throws `EXECUTION_NOT_FAILED`, `NOTHING_TO_COMPENSATE`.
 */
export const compensate = (turn: Turn, { reason }: Compensate): void => {
  requireStarted(turn);
  const { definition, state } = turn;
  if (phaseOf(state) === 'compensating' || state.status === 'compensated') return;
  requireFailed(turn, 'failed: what goes forward is undone by cancelling it with compensation');
  undoLeft(turn, reason, allToUndo(definition, state));
};

/** Undoes what an undoing before has left; `all` when there was none. */
const undoLeft = (turn: Turn, reason: string, all: readonly string[]): void => {
  const { definition, state, context } = turn;
  const { failure, compensation, workflow } = state;
  const steps = compensation === undefined ? all : notUndone(definition, state, compensation);
  if (failure === undefined || steps.length === 0)
    throw new Rejection(
      'NOTHING_TO_COMPENSATE',
      `Expected an execution that has done what can be undone, but ${context.executionId} has not.`,
      { field: 'executionId', found: 'failed', expected: 'completed steps with a compensation' },
    );
  const facts = { workflow, step: failure.step, blocks: [], compensates: true as const };
  turn.emit({ type: 'execution.retried', facts, payload: { reason } });
  undo(turn, failure.step, failure.error, steps);
};
