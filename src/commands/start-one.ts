import { startedIdOf, type PinnedStart } from '../domain/emission.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { startedBy, type Caller } from './caller.ts';
import type { StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Executions } from './executions.ts';

/** What starts an execution, and what that is told. */
export interface StartingEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: Json;
  /** Of events that start it together: what all of them say, the oldest first. */
  readonly payloads?: readonly Json[];
  readonly caller: Caller;
}

/** What an execution is started with. */
export interface StartingOne {
  readonly definitions: Pick<Definitions, 'get'>;
  readonly executions: Pick<Executions, 'start'>;
}

/**
 * Starts an execution that an event is to start, unless it is there. One that cannot hold the event's payload fails at
 * once without it: an event that was accepted is not refused any more. Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startOne = async (
  { definitions, executions }: StartingOne,
  { eventId, type: trigger, payload: event, payloads, caller }: StartingEvent,
  pinned: PinnedStart,
): Promise<StartedExecution> => {
  const id = startedIdOf(pinned, eventId);
  const definition = await definitions.get(pinned.workflow, pinned.definition);
  const together = payloads === undefined ? {} : { events: payloads };
  const by = { ...together, ...startedBy(caller) };
  const command = { type: 'start', id, trigger, input: null, event, ...by } as const;
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
