import type { WhileStep } from '../../definition/definition.ts';
import { evaluate } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import type { Spot } from '../spot.ts';
import { openBranches, stepOf, type BlockState } from '../state.ts';
import { notTrueOrFalse } from '../truth.ts';
import type { Turn } from '../turn.ts';
import type { Next } from './look-at-block.ts';

/** Whether a `while` goes on: its condition is asked when no turn is under way. */
export const nextTurn = (turn: Turn, { step, path, branch }: Spot<WhileStep>, block: BlockState): Next => {
  const { begun } = block;
  if (openBranches(block) > 0) return { kind: 'wait' };
  const holds = evaluate(() => step.condition.evaluate(scopeOf(turn, branch)));
  if (!holds.ok) return { kind: 'fail', error: holds.error };
  if (holds.value === false) return { kind: 'complete' };
  if (holds.value !== true) return { kind: 'fail', error: notTrueOrFalse('condition', holds.value) };
  if (begun >= step.max) {
    const message = `Expected the condition to be false after ${step.max} turns at most, but it still holds.`;
    return { kind: 'fail', error: { type: 'TooManyTurns', message, details: { limit: step.max } } };
  }
  const { turns = 0 } = stepOf(turn.state, path) ?? {};
  return { kind: 'begin', key: String(turns + begun) };
};
