import { canonicalText } from '../../definition/canonical.ts';
import type { Definition } from '../../definition/definition.ts';
import { phaseOf, type ExecutionState } from '../state.ts';
import { allToUndo } from '../undo-plan.ts';
import { changedSteps } from './begun.ts';
import { missingNames } from './names.ts';
import type { MigrationReason } from './refused.ts';

/** All that speaks against a run going on with another version of its workflow; nothing when it can. */
export const checkMigration = (
  current: Definition,
  target: Definition,
  state: ExecutionState,
): readonly MigrationReason[] => {
  const standings = standingsOf(state);
  const reasons = [
    ...standings.flatMap((standing) => changedSteps(current, target, standing)),
    ...undoing(current, target, state),
    ...waiting(current, target, state),
    ...standings.flatMap((standing) => missingNames(current, target, standing)),
  ];
  return [...new Map(reasons.map((reason) => [canonicalText({ ...reason }), reason])).values()];
};

/** How a run stands, and how it would if it was retried. */
const standingsOf = (state: ExecutionState): readonly ExecutionState[] => {
  const { failing, variables, compensation, status } = state;
  if (failing === undefined || compensation !== undefined) return [state];
  const again = { ...failing.before, variables };
  return status === 'failed' ? [again] : [state, again];
};

/** Where a run waits follows from what the version says that it has asked by. */
const waiting = (
  current: Definition,
  target: Definition,
  state: ExecutionState,
): readonly MigrationReason[] => {
  const [was, is] = [current, target].map(({ concurrency }) => JSON.stringify(concurrency));
  if (phaseOf(state) !== 'queued' || was === is) return [];
  const message = 'Expected the same `concurrency` as long as the run waits to go on, but it is another.';
  return [{ code: 'STEP_UNDER_WAY', step: '', message }];
};

const undoing = (
  current: Definition,
  target: Definition,
  state: ExecutionState,
): readonly MigrationReason[] => {
  if (state.compensation === undefined) return [];
  const [was, is] = [allToUndo(current, state), allToUndo(target, state)];
  if (canonicalText(was) === canonicalText(is)) return [];
  const message =
    'Expected the same steps and activities to undo in the same order as long as the run is being undone, but they are others.';
  return [{ code: 'UNDOING_CHANGED', step: '', message }];
};
