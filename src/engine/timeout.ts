import type { Definition } from '../domain/definition/definition.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';

/** Milliseconds that an attempt may take. */
export const timeoutOf = ({ steps, compensation }: Definition, attempt: PendingAttempt): number => {
  const step = attempt.compensation ? undefined : steps.find(({ name }) => name === attempt.step);
  return step?.kind === 'activity' ? step.attemptTimeout : compensation.attemptTimeout;
};
