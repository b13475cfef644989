import { startedIdOf, type PinnedStart } from '../domain/emission.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import { startedBy, type Caller } from './caller.ts';
import type { StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Executions } from './executions.ts';

/** An accepted event, for what it starts. */
export interface StartingEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: Json;
  readonly caller: Caller;
}

/** What executions are started with. */
export interface Starting {
  readonly definitions: Pick<Definitions, 'get'>;
  readonly executions: Pick<Executions, 'start'>;
}

/**
 * Starts an execution that an event is to start, unless it is there. One that cannot hold the event's payload fails at
 * once without it: an event that was accepted is not refused any more. Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startPinned = async (
  { definitions, executions }: Starting,
  { eventId, type: trigger, payload: event, caller }: StartingEvent,
  pinned: PinnedStart,
): Promise<StartedExecution> => {
  const id = startedIdOf(pinned, eventId);
  const definition = await definitions.get(pinned.workflow, pinned.definition);
  const command = { type: 'start', id, trigger, input: null, event, ...startedBy(caller) } as const;
  const start = async () => {
    try {
      return await executions.start(id, definition, command, caller);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'PAYLOAD_TOO_LARGE') throw error;
      const { message, details } = error;
      const withheld = { type: 'PayloadTooLarge', message, details };
      return executions.start(id, definition, { ...command, withheld }, caller);
    }
  };
  const { execution, events } = await start();
  return { executionId: id, created: events.length > 0, position: execution.position };
};

/**
 * Starts all that an event is to start, side by side. Rejects, once none of it is under way any more, with what went
 * wrong: with `LogUnavailable` rather than anything else, and with an `AggregateError` when several things did.
 */
export const startAllPinned = async (
  starting: Starting,
  event: StartingEvent,
  starts: readonly PinnedStart[],
): Promise<readonly StartedExecution[]> => {
  const outcomes = await Promise.allSettled(starts.map((pinned) => startPinned(starting, event, pinned)));
  const started: StartedExecution[] = [];
  const errors: unknown[] = [];
  for (const outcome of outcomes)
    if (outcome.status === 'fulfilled') started.push(outcome.value);
    else errors.push(outcome.reason);
  if (errors.length === 0) return started;
  const outage = errors.find((error) => error instanceof LogUnavailable);
  if (outage !== undefined || errors.length === 1) throw outage ?? errors[0];
  const expected = `Expected the event ${event.eventId} to start ${starts.length} executions`;
  throw new AggregateError(errors, `${expected}, but ${errors.length} of them cannot be started.`);
};
