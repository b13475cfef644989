import { errorPayload } from '../../src/engine/error-payload.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import type { DecideApproval, ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import {
  attemptInput,
  begins,
  pendingOf,
  type PendingAttempt,
  type PendingTimer,
} from '../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import type { Json } from '../../src/domain/json.ts';
import { toPayload } from '../../src/domain/payload.ts';
import type { Activities } from '../../src/ports/activities.ts';
import { attemptContext } from '../activities/context.ts';

/** How a run ended, and what happened on the way. */
export interface Run {
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
}

/** What a run is given from outside. */
export interface Given {
  readonly event?: Json;
  readonly input?: Json;
  /**
   * What comes when it is waited for, one after the other: payloads of signals, decisions of approvals (what has a
   * `decision`), and `time`, which lets a time pass that is waited for first.
   */
  readonly signals?: readonly (Json | Decision)[];
}

type Decision = Pick<DecideApproval, 'decision' | 'by' | 'comment'>;

const isDecision = (came: Json | Decision): came is Decision =>
  typeof came === 'object' && came !== null && 'decision' in came;

/**
 * Runs a definition with its activities in virtual time, one call after the other; when none is to be made, the next
 * signal comes, and when there is none, the time passes that comes first.
 */
export const runDefinition = async (
  definition: Definition,
  activities: Activities,
  { event = null, input = null, signals = [] }: Given,
): Promise<Run> => {
  const left = [...signals];
  const all: ExecutionEvent[] = [];
  const inputs = new Map<string, Json>();
  let now = 0;
  let state = INITIAL;

  const carryOut = (command: ExecutionCommand): void => {
    for (let next: ExecutionCommand | undefined = command; next !== undefined;) {
      const decision = decide(definition, state, next, {
        executionId: 'e-1',
        now,
        random: () => 0.5,
        serves: (name) => activities.find(name) !== undefined,
      });
      state = decision.state;
      all.push(...decision.events);
      for (const pending of attemptsOf()) {
        const begun = decision.events.findLast((known) => begins(known, pending));
        if (begun !== undefined) inputs.set(pending.step, attemptInput(state, begun));
      }
      next = decision.unfinished ? { type: 'go_on' } : undefined;
    }
  };

  const attemptsOf = (): readonly PendingAttempt[] =>
    pendingOf(definition, state).filter((pending) => pending.kind === 'attempt');

  const attempted = async (pending: PendingAttempt): Promise<ExecutionCommand> => {
    const { step, attempt, compensation } = pending;
    const { context } = attemptContext({ step, attempt });
    try {
      const returned = await activities.find(pending.activity)?.run(context, inputs.get(step) ?? null);
      const output = toPayload(returned, 524_288);
      if (!output.ok) throw new TypeError(output.message);
      return { type: 'complete_attempt', step, attempt, compensation, output: output.json };
    } catch (error) {
      return { type: 'fail_attempt', step, attempt, compensation, ...errorPayload(error, 524_288) };
    }
  };

  /** What the next of those that come does, when it is waited for. */
  const arrival = (): ExecutionCommand | undefined => {
    const [next] = left;
    if (next === undefined || next === 'time') return undefined;
    if (isDecision(next)) {
      const asked = Object.entries(state.steps).find(([, { assignees }]) => assignees !== undefined);
      return asked && { type: 'decide_approval', step: asked[0], ...next };
    }
    const signal = Object.values(state.steps).find((step) => step.signal !== undefined)?.signal;
    return signal === undefined ? undefined : { type: 'signal', signal, payload: next };
  };

  const firstTimer = (): PendingTimer | undefined =>
    pendingOf(definition, state)
      .filter((pending) => pending.kind === 'timer')
      .sort((one, other) => one.dueAt - other.dueAt)[0];

  carryOut({ type: 'start', id: 'e-1', trigger: definition.trigger?.event ?? 'manual', input, event });
  for (;;) {
    const [call] = attemptsOf();
    const arrived = arrival();
    const timer = firstTimer();
    const isRetry = timer !== undefined && state.steps[timer.step]?.status === 'retrying';
    if (call !== undefined) carryOut(await attempted(call));
    else if (arrived !== undefined && !isRetry) {
      left.shift();
      carryOut(arrived);
    } else if (timer !== undefined) {
      if (!isRetry) left.shift();
      now = timer.dueAt;
      carryOut({ ...timer, type: 'fire_timer' });
    } else break;
  }
  return { state, events: all };
};
