import { errorPayload } from '../../src/engine/error-payload.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import { attemptInput, begins, pendingOf, type PendingAttempt } from '../../src/domain/execution/pending.ts';
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

/**
 * Runs a definition with its activities in virtual time: a timer fires as soon as nothing else is to be done.
 * `signals` come when they are waited for; when there is none, time passes.
 */
export const runDefinition = async (
  definition: Definition,
  activities: Activities,
  event: Json,
  signals: readonly Json[] = [],
): Promise<Run> => {
  const left = [...signals];
  const all: ExecutionEvent[] = [];
  let now = 0;
  let state = INITIAL;
  let latest: readonly ExecutionEvent[] = [];

  const carryOut = (command: ExecutionCommand): void => {
    const decision = decide(definition, state, command, {
      executionId: 'e-1',
      now,
      random: () => 0.5,
      serves: (name) => activities.find(name) !== undefined,
    });
    ({ state, events: latest } = decision);
    all.push(...latest);
  };

  const attempted = async (pending: PendingAttempt): Promise<ExecutionCommand> => {
    const { step, attempt, compensation } = pending;
    const { context } = attemptContext({ step, attempt });
    try {
      const returned = await activities
        .find(pending.activity)
        ?.run(context, attemptInput(state, begun(pending)));
      const output = toPayload(returned, 524_288);
      if (!output.ok) throw new TypeError(output.message);
      return { type: 'complete_attempt', step, attempt, compensation, output: output.json };
    } catch (error) {
      return { type: 'fail_attempt', step, attempt, compensation, ...errorPayload(error, 524_288) };
    }
  };

  const begun = (pending: PendingAttempt): ExecutionEvent => {
    const event = latest.findLast((known) => begins(known, pending));
    if (event === undefined) throw new TypeError('Expected the latest events to begin the attempt.');
    return event;
  };

  const awaitedSignal = () => latest.findLast((event) => event.type === 'signal.awaited')?.facts.signal;

  carryOut({ type: 'start', id: 'e-1', trigger: definition.trigger?.event ?? 'manual', input: null, event });
  for (let [pending] = pendingOf(definition, state); pending; [pending] = pendingOf(definition, state)) {
    const signal = awaitedSignal();
    const payload = signal === undefined ? undefined : left.shift();
    if (signal !== undefined && payload !== undefined) carryOut({ type: 'signal', signal, payload });
    else if (pending.kind === 'attempt') carryOut(await attempted(pending));
    else if (pending.kind === 'timer') {
      now = pending.dueAt;
      carryOut({ type: 'fire_timer', step: pending.step, dueAt: pending.dueAt });
    } else break;
  }
  return { state, events: all };
};
