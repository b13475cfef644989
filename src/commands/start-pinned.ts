import { startedIdOf, type PinnedStart } from '../domain/emission.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import { startedBy, type Caller } from './caller.ts';
import type { StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Emissions } from './emissions.ts';
import type { Executions } from './executions.ts';

/** What starts an execution, and what that is told. */
export interface StartingEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: Json;
  readonly caller: Caller;
}

/** An accepted event, for what it starts. */
export interface AcceptedEvent extends StartingEvent {
  /** Where it is in the log. */
  readonly at: bigint;
}

/** What executions are started with. */
export interface Starting {
  readonly definitions: Pick<Definitions, 'get'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly emissions: Pick<Emissions, 'claim'>;
}

/** What became of what an event was to start: started, or not since that one runs of which there is one at a time. */
export interface PinnedOutcome extends StartedExecution {
  readonly workflow: string;
  readonly isSkipped: boolean;
}

/**
 * Starts an execution that an event is to start, unless another runs of which there is one at a time.
 * Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startPinned = async (
  starting: Starting,
  event: AcceptedEvent,
  pinned: PinnedStart,
): Promise<PinnedOutcome> => {
  const { workflow, definition, singleton: key } = pinned;
  const { eventId, at, caller } = event;
  const execution = startedIdOf(pinned, eventId);
  const claimed =
    key === undefined
      ? undefined
      : await starting.emissions.claim({ workflow, definition, key, event: eventId, at, execution, caller });
  if (claimed?.fires === false) {
    const { running, position } = claimed;
    return { workflow, executionId: running, created: false, position, isSkipped: true };
  }
  return { workflow, ...(await startOne(starting, event, pinned)), isSkipped: false };
};

/**
 * Starts an execution that an event is to start, unless it is there. One that cannot hold the event's payload fails at
 * once without it: an event that was accepted is not refused any more. Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startOne = async (
  { definitions, executions }: Omit<Starting, 'emissions'>,
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
  event: AcceptedEvent,
  starts: readonly PinnedStart[],
): Promise<readonly PinnedOutcome[]> => {
  const outcomes = await Promise.allSettled(starts.map((pinned) => startPinned(starting, event, pinned)));
  const started: PinnedOutcome[] = [];
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
