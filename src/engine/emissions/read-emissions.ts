import { LogUnavailable, type EventLog } from '../../ports/event-log.ts';
import { createOpenEmissions, SEEN, type OpenEmissions } from './open-emissions.ts';

/**
 * Looks through the log behind a position for accepted events that have not started everything, up to `end` at least.
 * Rejects with `LogUnavailable` when the log is closed meanwhile.
 */
export const readEmissions = async (
  log: Pick<EventLog, 'subscribe'>,
  after: bigint,
  end: bigint,
): Promise<OpenEmissions> => {
  const open = createOpenEmissions(after);
  if (after >= end) return open;
  const { signal } = new AbortController();
  for await (const { events, position, caughtUp } of log.subscribe({
    after,
    filter: { types: SEEN },
    signal,
  })) {
    for (const event of events) open.see(event);
    open.reach(position);
    if (caughtUp || position >= end) return open;
  }
  throw new LogUnavailable('Expected the log to be read to its end, but it was closed.');
};
