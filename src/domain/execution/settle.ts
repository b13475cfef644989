import type { Json } from '../json.ts';
import { notifying, type Target } from '../notification/target.ts';
import { beginCompensation } from './compensation.ts';
import { fallbackFor } from './fallback.ts';
import { evaluateFields, evaluatePayload } from './evaluate.ts';
import type { ErrorPayload, FailureHandling, GivenUp } from './events.ts';
import { blockOf, branchOf, isWithin, keyOf, ROOT } from './path.ts';
import { scopeOf } from './scope.ts';
import { spotAt, type Spot } from './spot.ts';
import { isLoop, stepOf } from './state.ts';
import { searchAtEnd } from './search.ts';
import { elapsedSince, endFacts, type Turn } from './turn.ts';
import { allToUndo, canBeUndone, leftFacts } from './undo-plan.ts';
import { withdraw, withdrawAll } from './withdraw.ts';

/** What a step that ended says of its last attempt. */
export const attemptFacts = (turn: Turn, path: string) => {
  const { state, context } = turn;
  const { activity = '', attempt = 0, startedAt = context.now, status } = stepOf(state, path) ?? {};
  const duration = status === 'queued' ? 0 : elapsedSince(turn, startedAt);
  return { workflow: state.workflow, step: path, activity, attempt, duration };
};

/** What a step that failed says of its last attempt: nothing new when that had ended before. */
const failureFacts = (turn: Turn, path: string) => {
  const facts = attemptFacts(turn, path);
  const { status, done } = stepOf(turn.state, path) ?? { done: true };
  if (!done && (status === 'running' || status === 'waiting')) return facts;
  return { ...facts, duration: 0, ...(facts.attempt === 0 ? {} : { between: true as const }) };
};

/** What says of the end of a step that it was brought about by hand, and why. */
export interface Hand {
  readonly facts: { readonly by: 'operator'; readonly attempt: number; readonly duration: number };
  readonly payload: { readonly reason: string };
}

/** Completes a step, setting the variables that its `output:` names. */
export const completeStep = (turn: Turn, spot: Spot, output: Json): void => {
  const error = complete(turn, spot, output);
  if (error !== undefined) failStep(turn, spot.path, error);
};

/** Completes a step if it can take its output; answers why not. */
export const complete = (
  turn: Turn,
  { step, path, branch }: Spot,
  output: Json,
  hand?: Hand,
): ErrorPayload | undefined => {
  withdraw(turn, path, 'ended');
  const facts = { ...attemptFacts(turn, path), ...hand?.facts };
  const payload = evaluatePayload(turn, () =>
    Object.keys(step.output).length === 0
      ? { output }
      : { output, variables: evaluateFields(step.output, scopeOf(turn, branch, { output })) },
  );
  if (!payload.ok) return payload.error;
  turn.emit({ type: 'step.completed', facts, payload: { ...payload.value, ...hand?.payload } });
  return undefined;
};

/** A step has no attempts left: its fallback answers for it, or it has failed. `origin` is where that began. */
export const giveUp = (
  turn: Turn,
  { step, path }: Spot,
  error: ErrorPayload,
  origin = path,
  hand?: Hand,
): void => {
  const fallback = fallbackFor(step, error.type);
  if (fallback === undefined || stepOf(turn.state, path)?.fallback) {
    failStep(turn, path, error, origin, hand);
    return;
  }
  const told = fallback.notify ? turn.definition.notifications.usual : [];
  recordFailure(turn, path, error, { handled: fallback.kind, told, origin, hand });
  if (fallback.kind === 'activity') return;
  turn.emit({
    type: 'step.skipped',
    facts: { workflow: turn.state.workflow, step: path, reason: 'fallback' },
  });
};

/** A step has failed for good: the run goes on without it, the block that it is in fails, or the run stops or is undone. */
export const failStep = (turn: Turn, path: string, error: ErrorPayload, origin = path, hand?: Hand): void => {
  const { onError, notifications } = turn.definition;
  const branch = branchOf(path);
  const atRoot = onError === 'compensate' && isManual(turn) ? 'stop' : onError;
  const handled = onError === 'continue' || branch === ROOT ? atRoot : 'block';
  const told = handled === 'continue' ? notifications.failure : [];
  recordFailure(turn, path, error, { handled, told, origin, hand });
  if (handled === 'continue') return;
  if (handled === 'block') failBranch(turn, branch, error, origin);
  else failRun(turn, origin, error);
};

const isManual = ({ definition }: Turn): boolean => definition.compensation.mode === 'manual';

/** The run stops or is undone because a step has failed; one that is paused does so when it goes on. */
export const failRun = (turn: Turn, origin: string, error: ErrorPayload): void => {
  if (turn.state.status === 'paused') return;
  if (turn.definition.onError === 'compensate' && !isManual(turn)) beginCompensation(turn, origin, error);
  else failExecution(turn, origin, error);
};

/** A step of a branch has failed: what that means for its block is seen when the block is looked at. */
const failBranch = (turn: Turn, branch: string, error: ErrorPayload, origin: string): void => {
  const facts = { ...branchFacts(turn, branch), failed: origin, errorType: error.type };
  turn.emit({ type: 'branch.failed', facts, payload: { error } });
};

/**
 * Gives up the branches of a block that are under way, as far as the turn goes; answers whether none is left. What an
 * operator gives up is so at once: nothing else would know what is to follow.
 */
export const cancelBranches = (turn: Turn, block: string, reason: GivenUp): boolean => {
  const steps = openSteps(turn, block);
  const isFull = (): boolean => turn.isFull && reason !== 'operator';
  for (const branch of Object.keys(turn.state.branches)) {
    if (branch === ROOT || blockOf(branch) !== block) continue;
    for (const path of steps.get(branch) ?? []) {
      if (isFull()) return false;
      cancelStep(turn, path, reason);
    }
    if (isFull()) return false;
    turn.emit({ type: 'branch.cancelled', facts: { ...branchFacts(turn, branch), reason } });
  }
  return true;
};

const cancelStep = (turn: Turn, path: string, reason: GivenUp): void => {
  withdraw(turn, path, reason === 'joined' || reason === 'failed' ? reason : 'ended');
  turn.emit({ type: 'step.cancelled', facts: { ...attemptFacts(turn, path), reason } });
};

/** Gives up all that is under way, the innermost first, as far as the turn goes: the rest is over with the run. */
export const cancelSteps = (turn: Turn, reason: GivenUp): void => {
  for (const [path, { done }] of Object.entries(turn.state.steps).toReversed()) {
    if (turn.isFull) return;
    if (!done) cancelStep(turn, path, reason);
  }
};

/** Steps that have not ended by the branch of a block, the innermost first, as they are begun after those around them. */
const openSteps = ({ state }: Turn, block: string): ReadonlyMap<string, readonly string[]> => {
  const steps = new Map<string, string[]>();
  for (const [path, { done }] of Object.entries(state.steps).toReversed()) {
    if (done || !path.startsWith(`${block}[`)) continue;
    const branch = path.slice(0, path.indexOf(']', block.length) + 1);
    const known = steps.get(branch);
    if (known === undefined) steps.set(branch, [path]);
    else known.push(path);
  }
  return steps;
};

/** All steps of a branch have settled: the run is completed, or a branch of a block. */
export const endBranch = (turn: Turn, branch: string): void => {
  if (branch === ROOT) {
    completeExecution(turn);
    return;
  }
  const block = spotAt(turn, blockOf(branch))?.step;
  const collect = block?.kind === 'foreach' ? block.collect : undefined;
  const output =
    collect === undefined ? undefined : evaluatePayload(turn, () => collect.evaluate(scopeOf(turn, branch)));
  if (output?.ok === false) {
    failBranch(turn, branch, output.error, blockOf(branch));
    return;
  }
  turn.emit({
    type: 'branch.completed',
    facts: branchFacts(turn, branch),
    ...(output === undefined ? {} : { payload: { output: output.value } }),
  });
};

const branchFacts = ({ definition, state }: Turn, branch: string) => {
  const step = blockOf(branch);
  const block = stepOf(state, step)?.block;
  const kept =
    block !== undefined && isLoop(block)
      ? state.completed.filter((done) => isWithin(done.step, branch) && canBeUndone(definition, done.step))
      : [];
  const facts = { workflow: state.workflow, step, branch: keyOf(branch) };
  return kept.length === 0 ? facts : { ...facts, kept: [...new Set(kept.map((done) => done.step))] };
};

interface Failure {
  readonly handled: FailureHandling;
  readonly told: readonly Target[];
  /** Path of the step where it began. */
  readonly origin: string;
  readonly hand: Hand | undefined;
}

/** Records that a step has failed for good, and what follows. */
const recordFailure = (
  turn: Turn,
  path: string,
  error: ErrorPayload,
  { handled, told, origin, hand }: Failure,
): void => {
  withdraw(turn, path, 'ended');
  const facts =
    hand === undefined ? failureFacts(turn, path) : { ...attemptFacts(turn, path), ...hand.facts };
  const from = origin === path ? {} : { origin };
  turn.emit({
    type: 'step.failed',
    facts: { ...facts, errorType: error.type, handled, ...from, ...notifying(told) },
    payload: { error, ...hand?.payload },
  });
};

/** Ends the run as completed, whatever else is under way; it fails where what it gives cannot be had. */
export const completeExecution = (turn: Turn): void => {
  const { output } = turn.definition;
  const given =
    output === undefined
      ? undefined
      : evaluatePayload(turn, () => evaluateFields(output, scopeOf(turn, ROOT)));
  if (given?.ok === false) {
    failRun(turn, '', given.error);
    return;
  }
  const found = searchAtEnd(turn.definition, scopeOf(turn, ROOT), turn.state.search);
  withdrawAll(turn);
  turn.emit({
    type: 'execution.completed',
    facts: { ...endFacts(turn), ...found },
    ...(given === undefined ? {} : { payload: { output: given.value } }),
  });
};

/** Ends the run as failed, with nothing undone; what is to be, when somebody says so, is listed. */
export const failExecution = (turn: Turn, step: string, error: ErrorPayload): void => {
  withdrawAll(turn);
  const { definition, state } = turn;
  // Without a step, or time that was over, it has not begun.
  const hasBegun = step !== '' || state.failing !== undefined || Object.keys(state.steps).length > 0;
  const awaited = definition.onError === 'compensate' && hasBegun ? allToUndo(definition, state) : [];
  const told = notifying(definition.notifications.failure);
  const facts = { ...endFacts(turn), step, errorType: error.type, ...leftFacts(awaited), ...told };
  turn.emit({
    type: 'execution.failed',
    facts: awaited.length === 0 ? facts : { ...facts, awaits: 'compensation' },
    payload: { error },
  });
};
