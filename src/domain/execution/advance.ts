import type { Step } from '../definition/definition.ts';
import { stepOf, type ExecutionState } from './state.ts';
import { beginActivity } from './steps/activity.ts';
import { beginSet } from './steps/set.ts';
import { evaluate } from './evaluate.ts';
import { failStep } from './steps/settle.ts';
import { beginWait } from './steps/wait.ts';
import { endFacts, scopeOf, type Turn } from './turn.ts';

/** Goes on until something has to be waited for, or the run has ended. */
export const advance = (turn: Turn): void => {
  for (;;) {
    if (turn.state.status !== 'running') return;
    const { cursor } = turn.state;
    const step = turn.definition.steps[cursor];
    if (step === undefined) {
      turn.emit({ type: 'execution.completed', facts: endFacts(turn) });
      return;
    }
    if (isUnderWay(turn.state, step.name)) return;
    begin(turn, step);
    if (turn.state.cursor === cursor) return;
  }
};

/** Under way: running, waiting, or to be tried again when its timer fires. */
const isUnderWay = (state: ExecutionState, name: string): boolean => {
  const status = stepOf(state, name)?.status;
  return status === 'running' || status === 'waiting' || status === 'retrying';
};

const begin = (turn: Turn, step: Step): void => {
  if (step.when !== undefined && stepOf(turn.state, step.name) === undefined && !guardHolds(turn, step))
    return;
  switch (step.kind) {
    case 'activity':
      return beginActivity(turn, step);
    case 'set':
      return beginSet(turn, step);
    case 'wait':
      return beginWait(turn, step);
    default:
      return step satisfies never;
  }
};

/** A guard that is false skips the step; one that is no boolean fails it. */
const guardHolds = (turn: Turn, { name, when }: Step): boolean => {
  const holds = evaluate(() => when?.evaluate(scopeOf(turn)));
  if (holds.ok && holds.value === true) return true;
  if (holds.ok && holds.value === false) {
    turn.emit({
      type: 'step.skipped',
      facts: { workflow: turn.state.workflow, step: name, reason: 'guard' },
    });
    return false;
  }
  const error = holds.ok
    ? {
        type: 'ExpressionError',
        message: `Expected "when" to be true or false, but found ${JSON.stringify(holds.value)}.`,
      }
    : holds.error;
  failStep(turn, name, error);
  return false;
};
