import { startedIdOf, type PinnedStart } from '../domain/emission.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import type { StartedExecution } from './commands.ts';
import type { Emissions } from './emissions.ts';
import { startGathered, type StartingGathered } from './start-gathered.ts';
import { startOne, type StartingEvent } from './start-one.ts';

/** An accepted event, for what it starts. */
export interface AcceptedEvent extends StartingEvent {
  /** Where it is in the log. */
  readonly at: bigint;
}

/** What executions are started with. */
export interface Starting extends StartingGathered {
  readonly emissions: Pick<Emissions, 'claim' | 'gatherings'>;
}

/**
 * What became of what an event was to start: started, not since that one runs of which there is one at a time, or it
 * waits with so many until `dueAt` (ms since the Unix epoch) at the latest.
 */
export type PinnedOutcome = { readonly workflow: string; readonly position: bigint } & (
  | ({ readonly came: 'started' } & StartedExecution)
  | { readonly came: 'skipped'; readonly running: string }
  | { readonly came: 'gathered'; readonly count: number; readonly dueAt: number }
);

/**
 * Starts an execution that an event is to start, unless another runs of which there is one at a time, or the event is to
 * wait for others. Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startPinned = async (
  starting: Starting,
  event: AcceptedEvent,
  pinned: PinnedStart,
): Promise<PinnedOutcome> => {
  if (pinned.gather !== undefined) return startGathered(starting, event, pinned);
  const { workflow, definition, singleton: key } = pinned;
  const { eventId, at, caller, payload } = event;
  const execution = startedIdOf(pinned, eventId);
  const claimed =
    key === undefined
      ? undefined
      : await starting.emissions.claim({ workflow, definition, key, event: eventId, at, execution, caller });
  if (claimed?.fires === false) {
    const { running, position } = claimed;
    return { workflow, came: 'skipped', running, position };
  }
  // One whose key cannot be had is alone.
  const { trigger } = await starting.definitions.get(workflow, definition);
  const alone = trigger?.gathering?.kind === 'batch' ? { ...event, payloads: [payload] } : event;
  return { workflow, came: 'started', ...(await startOne(starting, alone, pinned)) };
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
