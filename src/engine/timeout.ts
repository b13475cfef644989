import type { Definition } from '../domain/definition/definition.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';

/** Milliseconds that an attempt may take. */
export const timeoutOf = ({ places, compensation }: Definition, attempt: PendingAttempt): number => {
  const step = attempt.compensation ? undefined : places.get(nameOf(attempt.step))?.step;
  return step?.kind === 'activity' ? step.attemptTimeout : compensation.attemptTimeout;
};
