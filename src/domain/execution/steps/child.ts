import type { ChildStep } from '../../definition/definition.ts';
import { childIdOf } from '../../uuid.ts';
import type { ConfirmChild, EndChild } from '../commands.ts';
import { evaluatePayload } from '../evaluate.ts';
import type { ErrorPayload } from '../events.ts';
import { scopeOf } from '../scope.ts';
import { completeStep, giveUp } from '../settle.ts';
import type { Spot } from '../spot.ts';
import { stepOf } from '../state.ts';
import type { Turn } from '../turn.ts';
import { waitFacts } from '../wait-facts.ts';
import { failAttemptOf } from './activity.ts';
import { beginProvided } from './provided.ts';

/** How many executions may wait for one, one above the other. */
export const DEEPEST = 32;

/** Begins to start a child, whose input is what it was then. One attempt has one child, whatever interrupts it. */
export const beginChild = (turn: Turn, spot: Spot<ChildStep>): void => {
  const { step, path, branch } = spot;
  const { state, context } = turn;
  const depth = state.parent?.depth ?? 0;
  if (step.wait && depth >= DEEPEST) {
    const message = `Expected at most ${DEEPEST} executions to wait for one another, but the child of "${step.name}" would be one more.`;
    giveUp(turn, spot, { type: 'TooDeep', message, details: { limit: DEEPEST } });
    return;
  }
  const input = evaluatePayload(turn, () => step.input?.evaluate(scopeOf(turn, branch)) ?? null);
  if (!input.ok) {
    giveUp(turn, spot, input.error);
    return;
  }
  const known = stepOf(state, path);
  const child = known?.child ?? childIdOf(context.executionId, path, (known?.attempt ?? 0) + 1);
  beginProvided(turn, spot, 'workflow', input.value, { child });
};

/** The child is there: its step waits for its end, or has done its work. Answers whether anything changes. */
export const confirmChild = (turn: Turn, spot: Spot, { definition }: ConfirmChild): boolean => {
  const { step, path, branch } = spot;
  const { child } = stepOf(turn.state, path) ?? {};
  if (step.kind !== 'workflow' || child === undefined) return false;
  turn.emit({
    type: 'child.started',
    facts: {
      ...waitFacts(turn, path),
      child,
      childWorkflow: step.workflow,
      childDefinition: definition,
      awaited: step.wait,
    },
  });
  if (!step.wait) completeStep(turn, { step, path, branch }, { execution: child });
  return true;
};

/** The child has ended: the step has what it gave, or its attempt has failed. */
export const endChild = (turn: Turn, spot: Spot, { child, status, output, error }: EndChild): void => {
  const { step, path } = spot;
  turn.emit({ type: 'child.ended', facts: { ...waitFacts(turn, path), child, status } });
  if (status === 'completed') {
    completeStep(turn, spot, output);
    return;
  }
  const workflow = step.kind === 'workflow' ? step.workflow : '';
  const failure = childFailed(workflow, child, status, error);
  failAttemptOf(turn, spot, { error: failure, retry: 'by_policy', compensation: false });
};

const childFailed = (
  workflow: string,
  execution: string,
  status: string,
  error: ErrorPayload | undefined,
): ErrorPayload => {
  const why = error === undefined ? '' : ` with ${error.type}: ${error.message}`;
  return {
    type: 'ChildFailed',
    message: `Expected ${execution} of "${workflow}" to complete, but it is ${status}${why}`,
    details: { execution, workflow, status, type: error?.type ?? null, message: error?.message ?? null },
  };
};
