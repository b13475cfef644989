import type { Case, ForeachStep, ParallelStep, SwitchStep, WhileStep } from '../../definition/definition.ts';
import { evaluate, evaluatePayload, type Evaluated } from '../evaluate.ts';
import type { BlockKind, StepStarted } from '../events.ts';
import { labelOf } from '../label.ts';
import { limitOf } from '../limits.ts';
import { scopeOf } from '../scope.ts';
import { giveUp } from '../settle.ts';
import type { Spot } from '../spot.ts';
import { nextAttempt } from '../state.ts';
import { notTrueOrFalse } from '../truth.ts';
import type { Turn } from '../turn.ts';

type More = Pick<StepStarted['facts'], 'chose'>;

const begun = (
  turn: Turn,
  spot: Spot,
  block: BlockKind,
  more: More,
  input?: StepStarted['payload'],
): void => {
  const { path } = spot;
  const attempt = nextAttempt(turn.state, path);
  const facts = {
    workflow: turn.state.workflow,
    step: path,
    activity: block,
    attempt,
    fallback: false,
    block,
  };
  turn.emit({
    type: 'step.started',
    facts: { ...facts, ...limitOf(turn, spot), ...labelOf(turn, spot), ...more },
    ...(input === undefined ? {} : { payload: input }),
  });
};

/** Begins a block whose branches are known. */
export const beginParallel = (turn: Turn, spot: Spot<ParallelStep>): void =>
  begun(turn, spot, 'parallel', {});

/** Begins a loop whose condition is asked before each turn. */
export const beginWhile = (turn: Turn, spot: Spot<WhileStep>): void => begun(turn, spot, 'while', {});

/** Begins to go over a list, which is what it was then, whatever changes meanwhile. */
export const beginForeach = (turn: Turn, spot: Spot<ForeachStep>): void => {
  const { step, branch } = spot;
  const items = evaluatePayload(turn, () => step.items.evaluate(scopeOf(turn, branch)));
  if (!items.ok) {
    giveUp(turn, spot, items.error);
    return;
  }
  if (Array.isArray(items.value)) {
    begun(turn, spot, 'foreach', {}, { input: items.value });
    return;
  }
  const message = `Expected "items" to be a list, but found ${JSON.stringify(items.value)}.`;
  giveUp(turn, spot, { type: 'ExpressionError', message });
};

/** Begins a choice: which cases are taken is decided here, once. */
export const beginSwitch = (turn: Turn, spot: Spot<SwitchStep>): void => {
  const chosen = choose(turn, spot);
  if (chosen.ok) begun(turn, spot, 'switch', { chose: chosen.value });
  else giveUp(turn, spot, chosen.error);
};

const choose = (turn: Turn, { step, branch }: Spot<SwitchStep>): Evaluated<readonly string[]> => {
  const scope = scopeOf(turn, branch);
  const chosen: string[] = [];
  for (const { key, when } of step.branches) {
    if (when === undefined) continue;
    const holds = evaluate(() => when.evaluate(scope));
    if (!holds.ok) return holds;
    if (typeof holds.value !== 'boolean') return { ok: false, error: notTrueOrFalse('when', holds.value) };
    if (holds.value) chosen.push(key);
    if (holds.value && step.match === 'first') break;
  }
  return { ok: true, value: chosen.length > 0 ? chosen : otherwise(step.branches) };
};

const otherwise = (cases: readonly Case[]): readonly string[] =>
  cases.filter(({ when }) => when === undefined).map(({ key }) => key);
