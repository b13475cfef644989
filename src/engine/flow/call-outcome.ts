import type { ExecutionEvent } from '../../domain/execution/events.ts';
import type { BreakerPolicy, CallOutcome } from '../../domain/flow/breaker.ts';

/** Errors that say nothing of what is called: it was not, nobody knows, or it did what it should. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set([
  'Interrupted',
  'InvalidInput',
  'PayloadTooLarge',
  'ExpressionError',
]);

/** The end of a call, and what that says of what is called. */
export interface EndedCall {
  readonly step: string;
  readonly activity: string;
  readonly attempt: number;
  readonly outcome: CallOutcome;
}

const failure = (errorType: string): CallOutcome =>
  NOT_ITS_FAULT.has(errorType) ? { kind: 'neither', errorType } : { kind: 'failure', errorType };

/** What an event says of how a call ended; `undefined` when it is about something else. */
export const endedCall = (
  event: ExecutionEvent,
  { timeout = Infinity }: Pick<BreakerPolicy, 'timeout'> = {},
): EndedCall | undefined => {
  switch (event.type) {
    case 'step.completed': {
      const isSlow = event.facts.duration > timeout;
      return { ...event.facts, outcome: isSlow ? failure('SlowCall') : { kind: 'success' } };
    }
    case 'step.retry_scheduled':
      if (event.facts.compensation) return undefined;
      return { ...event.facts, outcome: failure(event.facts.errorType) };
    case 'step.failed':
      if (event.facts.between || event.facts.attempt === 0) return undefined;
      return { ...event.facts, outcome: failure(event.facts.errorType) };
    case 'step.cancelled':
      return { ...event.facts, outcome: { kind: 'neither', errorType: 'Cancelled' } };
    default:
      return undefined;
  }
};
