import type { LiveExecution } from '../commands/executions.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';
import { attemptKey, spanIdOf, traceIdOf, traceparentOf } from '../domain/execution/trace-ids.ts';

/** The trace context that an attempt is made in: its span, in the trace of the request that started the run. */
export const attemptTrace = (
  { id, state, traceparent }: LiveExecution,
  { step, attempt, compensation }: PendingAttempt,
): string =>
  traceparentOf(
    traceIdOf(id, traceparent),
    spanIdOf(id, attemptKey(step, attempt, compensation)),
    state.tracing !== 'off' && state.tracing !== 'unsampled',
  );

/** What a step starts belongs to the trace of a request, where there is one. */
export const startedTrace = (execution: LiveExecution, attempt: PendingAttempt): string | undefined =>
  execution.traceparent === undefined ? undefined : attemptTrace(execution, attempt);
