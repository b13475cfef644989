import type { FailAttempt } from '../domain/execution/commands.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';

/** Reports an attempt whose process ended before it did; one that does no harm is made again in any case. */
export const interrupted = (
  { step, attempt, compensation }: PendingAttempt,
  isHarmless: boolean,
): FailAttempt => ({
  type: 'fail_attempt',
  step,
  attempt,
  compensation,
  error: {
    type: 'Interrupted',
    message: 'The server stopped while the attempt was under way; how it ended is not known.',
  },
  retry: isHarmless ? 'always' : 'by_policy',
});
