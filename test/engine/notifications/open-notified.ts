import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { openEngine, type EngineParts, type EngineUnderTest } from '../../spec/engine.ts';
import { handNotifier, type HandNotifier } from '../../spec/hand-notifier.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

/** A workflow whose failure tells two. */
export const FAILING = `
workflow: failing
activities: [{ name: fails }]
error_handling:
  workflow_error: { notification: { channels: [slack, email], recipients: [admins] } }
`;

/** An engine whose notifications go to a notifier that a spec tells what to do. */
export interface Notified extends EngineUnderTest {
  readonly log: EventLog;
  readonly notifier: HandNotifier;
  /** Every event of notifications so far, in the log's order. */
  notifications(): Promise<readonly RecordedEvent[]>;
  /** Resolves once the log holds so many events of a type, with them. */
  seen(type: string, many?: number): Promise<readonly RecordedEvent[]>;
}

/** Everything that a log holds of notifications. */
export const notificationsIn = async (log: EventLog): Promise<readonly RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  const over = new AbortController();
  const filter = { categories: ['notification'] as const };
  for await (const { events, caughtUp } of log.subscribe({ after: 0n, filter, signal: over.signal })) {
    found.push(...events);
    if (caughtUp) over.abort();
  }
  return found;
};

/** Resolves once a log holds so many events of a type, with them. */
export const seenIn = async (log: EventLog, type: string, many = 1): Promise<readonly RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  const over = new AbortController();
  for await (const { events } of log.subscribe({
    after: 0n,
    filter: { types: [type] },
    signal: over.signal,
  })) {
    found.push(...events);
    if (found.length >= many) return found;
  }
  throw new Error('Expected events, but the log was closed.');
};

/** Puts an engine on a log of its own, or on one that is there. */
export const openNotified = async (
  parts: Partial<Omit<EngineParts, 'notifier'>> & { readonly notifier?: HandNotifier } = {},
): Promise<Notified> => {
  const log = parts.log ?? (await temporaryLog());
  const notifier = parts.notifier ?? handNotifier();
  const fails = () => Promise.reject(Object.assign(new Error('no'), { type: 'Declined' }));
  const under = openEngine({ activities: { fails }, ...parts, log, notifier });
  return {
    ...under,
    log,
    notifier,
    notifications: () => notificationsIn(log),
    seen: (type, many) => seenIn(log, type, many),
  };
};
