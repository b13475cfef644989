import type { CallLimit } from '../flow/limits.ts';
import type { Refusal } from './admission-events.ts';

const refusal = (
  { gate }: CallLimit,
  key: string,
  count: number,
  of: number,
  type: string,
  message: string,
): Refusal => ({
  gate,
  key,
  count,
  of,
  error: { type, message, details: { key, count, of } },
});

/** Why a limit turns an attempt away: it cannot even wait, or waited for too long. */
export const limitRefusal = (
  limit: CallLimit,
  why: 'full' | 'late',
  key: string,
  count: number,
  of: number,
): Refusal => (why === 'full' ? queueFull(limit, key, count) : waitedTooLong(limit, key, count, of));

/** Why an attempt cannot even wait: so many do. */
const queueFull = (limit: CallLimit, key: string, waiting: number): Refusal => {
  const { queue = 0 } = limit;
  const message = `Expected at most ${limit.limit} calls of "${key}" at once and ${queue} that wait, but so many there are.`;
  return refusal(limit, key, waiting, queue, 'BulkheadFull', message);
};

/** Why an attempt waits no longer, at a position of so many. */
const waitedTooLong = (limit: CallLimit, key: string, position: number, of: number): Refusal => {
  const type = limit.gate === 'bulkhead' ? 'BulkheadTimeout' : 'QueueTimeout';
  const what = limit.gate === 'max_workflows' ? 'execution' : 'call';
  const message = `Expected the ${what} to be let in within ${limit.timeout} ms, but it waited longer, at position ${position} of ${of}.`;
  return refusal(limit, key, position, of, type, message);
};

const OF_BULKHEADS: readonly string[] = ['BulkheadFull', 'BulkheadTimeout'];

/** Whether an error is that of a bulkhead, which may have a fallback of its own. */
export const isOfBulkhead = (errorType: string | undefined): boolean =>
  errorType !== undefined && OF_BULKHEADS.includes(errorType);
