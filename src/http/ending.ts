import type { Executions } from '../commands/executions.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { ErrorPayload } from '../domain/execution/events.ts';
import { isFinal, type Lifecycle } from '../domain/execution/lifecycle.ts';
import { outputOf } from '../domain/execution/state.ts';
import type { JsonObject } from '../domain/json.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventFeeds } from '../graphql/feed/event-feeds.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';

/** How an execution ended. */
export interface Ending {
  readonly status: Lifecycle;
  /** What it gave, or else its variables. */
  readonly output: JsonObject;
  /** Why it did not complete, when there is a reason. */
  readonly error: ErrorPayload | undefined;
}

/** What endings are waited for with. */
export interface EndingParts {
  readonly log: Pick<EventLog, 'read'>;
  readonly executions: Pick<Executions, 'load'>;
  readonly feeds: EventFeeds;
  readonly clock: Clock;
}

const errorOf = ({ payload }: RecordedEvent): ErrorPayload | undefined =>
  (JSON.parse(payload ?? '{}') as { readonly error?: ErrorPayload }).error;

const read = async ({ executions, log }: EndingParts, id: string): Promise<Ending | undefined> => {
  const execution = await executions.load(id);
  if (execution === undefined || !isFinal(execution.state.status)) return undefined;
  const { state, head } = execution;
  const [last] = await log.read(streamOf('execution', id), { from: head.revision, limit: 1 });
  const error = last === undefined ? undefined : errorOf(last);
  return { status: state.status, output: outputOf(state), error: error ?? state.failure?.error };
};

/**
 * Waits at most so many ms for an execution to end, on whichever node it runs; `undefined` when it has not, or nobody
 * waits any more. Rejects as the log does.
 */
export const waitForEnding = async (
  parts: EndingParts,
  id: string,
  ms: number,
  over: AbortSignal,
): Promise<Ending | undefined> => {
  const ended = await read(parts, id);
  if (ended !== undefined || over.aborted) return ended;
  const events = await parts.feeds.ofExecution(id);
  const leave = (): void => void events.return();
  const timer = parts.clock.after(ms, leave);
  over.addEventListener('abort', leave);
  if (over.aborted) leave();
  try {
    // The feed ends behind the last event.
    for (;;) if ((await events.next()).done === true) break;
  } finally {
    timer.cancel();
    over.removeEventListener('abort', leave);
    await events.return();
  }
  return read(parts, id);
};
