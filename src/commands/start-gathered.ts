import type { PinnedStart } from '../domain/emission.ts';
import type { StartedExecution } from './commands.ts';
import type { Gatherings, Released } from './gatherings.ts';
import { startOne, type StartingOne } from './start-one.ts';
import type { AcceptedEvent, PinnedOutcome } from './start-pinned.ts';

/** What executions are started with by events that were gathered. */
export interface StartingGathered extends StartingOne {
  readonly emissions: { readonly gatherings: Gatherings };
}

/**
 * Has an event gathered that is to start an execution with others, and starts those that are released by that.
 * Rejects with `WORKFLOW_NOT_FOUND`, and as the log does.
 */
export const startGathered = async (
  starting: StartingGathered,
  { eventId: event, payload, at, caller }: AcceptedEvent,
  { workflow, definition, gather: key = '' }: PinnedStart,
): Promise<PinnedOutcome> => {
  const { trigger } = await starting.definitions.get(workflow, definition);
  const { gathering } = trigger ?? {};
  if (gathering === undefined)
    throw new TypeError(
      `Expected a version of "${workflow}" that gathers events, but ${definition} does not.`,
    );
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  const asked = { workflow, key, definition, event, bytes, gathering, at, caller };
  const { position, open, before, mine } = await starting.emissions.gatherings.gather(asked);
  if (before !== undefined) await startReleased(starting, before);
  if (mine !== undefined) return { workflow, came: 'started', ...(await startReleased(starting, mine)) };
  return { workflow, came: 'gathered', position, count: open?.count ?? 0, dueAt: open?.dueAt ?? 0 };
};

/** Starts what was released, unless it is there. Rejects with `WORKFLOW_NOT_FOUND`, and as the log does. */
export const startReleased = async (
  { emissions, ...starting }: StartingGathered,
  released: Released,
): Promise<StartedExecution> => {
  const { workflow, definition, execution } = released.facts;
  const { trigger } = await starting.definitions.get(workflow, definition);
  const event = await emissions.gatherings.read(released, trigger?.gathering?.kind === 'batch');
  return startOne(starting, event, { workflow, definition, execution });
};
