import type { Definition } from '../domain/definition/definition.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';

/** How long an attempt may take, and may go without a heartbeat; ms. */
export interface Timeouts {
  readonly timeout: number;
  readonly heartbeat: number | undefined;
}

/** What limits an attempt. */
export const timeoutsOf = ({ places, compensation }: Definition, attempt: PendingAttempt): Timeouts => {
  const step = attempt.compensation ? undefined : places.get(nameOf(attempt.step))?.step;
  return step?.kind === 'activity'
    ? { timeout: step.attemptTimeout, heartbeat: step.heartbeatTimeout }
    : { timeout: compensation.attemptTimeout, heartbeat: undefined };
};
