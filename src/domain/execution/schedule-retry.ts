import type { RetryPolicy } from '../definition/definition.ts';
import { isRetried, retryDelay } from '../resilience/retry.ts';
import type { FailAttempt } from './commands.ts';
import type { StepRetryScheduled } from './events.ts';
import type { Turn } from './turn.ts';

/** Why an attempt failed, and whether another may follow. */
export type AttemptFailure = Pick<FailAttempt, 'error' | 'retry' | 'compensation'>;

/** What a failed attempt says of itself. */
type Attempted = Pick<StepRetryScheduled['facts'], 'workflow' | 'step' | 'activity' | 'attempt' | 'duration'>;

/**
 * Schedules the attempt that follows a failed one, by policy or because it may be repeated anyway. Answers whether one
 * follows; `tries` are those that count so far.
 */
export const scheduleRetry = (
  turn: Turn,
  policy: RetryPolicy | undefined,
  tries: number,
  attempted: Attempted,
  { error, retry, compensation }: AttemptFailure,
): boolean => {
  const { now, random } = turn.context;
  const isAlways = retry === 'always';
  const again = policy !== undefined && retry === 'by_policy' && isRetried(policy, tries, error.type);
  if (!isAlways && !again) return false;
  const delay = isAlways || policy === undefined ? 0 : retryDelay(policy, tries, random);
  const facts = {
    ...attempted,
    errorType: error.type,
    delay,
    dueAt: now + delay,
    compensation,
    ...(isAlways ? { uncounted: true as const } : {}),
  };
  turn.emit({ type: 'step.retry_scheduled', facts, payload: { error } });
  return true;
};
