import type { Definition } from '../domain/definition/definition.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';
import { stepOf, type ExecutionState } from '../domain/execution/state.ts';

/** How long an attempt may take, and may go without a heartbeat; ms. */
export interface Timeouts {
  readonly timeout: number;
  readonly heartbeat: number | undefined;
}

/** Milliseconds that a worker may be silent where its step does not say so: nothing else tells that it is dead. */
const SILENCE = 30_000;

/** What limits an attempt of a worker, of which some time may have passed before this node went on with it. */
export const timeoutsOfWorker = (
  definition: Definition,
  state: ExecutionState,
  attempt: PendingAttempt,
  now: number,
): Timeouts => {
  const { timeout, heartbeat = SILENCE } = timeoutsOf(definition, attempt);
  const { startedAt = now } = (attempt.compensation ? state.compensation : stepOf(state, attempt.step)) ?? {};
  return { timeout: Math.max(1, timeout - Math.max(0, now - startedAt)), heartbeat };
};

/** What limits an attempt. */
export const timeoutsOf = ({ places, compensation }: Definition, attempt: PendingAttempt): Timeouts => {
  const step = attempt.compensation ? undefined : places.get(nameOf(attempt.step))?.step;
  return step?.kind === 'activity'
    ? { timeout: step.attemptTimeout, heartbeat: step.heartbeatTimeout }
    : { timeout: compensation.attemptTimeout, heartbeat: undefined };
};
