import type { NotificationEvent } from '../../domain/notification/events.ts';
import { NOTICES, noticeIdOf } from '../../domain/notification/notice.ts';
import type { Target } from '../../domain/notification/target.ts';
import type { EventType } from '../../domain/registry.ts';
import { categoryOf, entityOf } from '../../domain/stream.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { LogUnavailable, START, type EventLog } from '../../ports/event-log.ts';
import type { OpenNotifications } from './recovery.ts';

const OF_NOTIFICATIONS: readonly NotificationEvent['type'][] = [
  'notification.requested',
  'notification.resend_requested',
  'notification.sent',
  'notification.failed',
  'notification.dead_lettered',
];
const ENDS: ReadonlySet<string> = new Set<EventType>(['notification.sent', 'notification.dead_lettered']);

/** What is open, as all of the log says: for when views cannot say it. Rejects with `LogUnavailable` when it is closed meanwhile. */
export const openInLog = (log: Pick<EventLog, 'subscribe'>): OpenNotifications => {
  const read = once(() => readOpen(log));
  return {
    notices: one(async () => (await read()).notices),
    pending: one(async () => (await read()).pending),
  };
};

type Found = {
  readonly notices: readonly { readonly execution: string; readonly revision: number }[];
  readonly pending: readonly { readonly id: string; readonly dueAt: number }[];
};

const readOpen = async (log: Pick<EventLog, 'subscribe'>): Promise<Found> => {
  const pending = new Map<string, number>();
  const notices = new Map<string, { readonly execution: string; readonly revision: number }>();

  const see = ({ type, stream, facts, revision, commit }: RecordedEvent): void => {
    const id = entityOf(stream);
    if (categoryOf(stream) !== 'notification') {
      for (const target of (facts['notifies'] ?? []) as readonly Target[])
        notices.set(noticeIdOf(id, revision, target), { execution: id, revision });
      return;
    }
    notices.delete(id);
    if (ENDS.has(type)) pending.delete(id);
    else pending.set(id, Number(facts['dueAt'] ?? commit.metadata.at));
  };

  const { signal } = new AbortController();
  const filter = { types: [...NOTICES, ...OF_NOTIFICATIONS] };
  for await (const { events, caughtUp } of log.subscribe({ after: START, filter, signal })) {
    for (const event of events) see(event);
    if (caughtUp) {
      const left = new Map([...notices.values()].map((one) => [`${one.execution}:${one.revision}`, one]));
      return {
        notices: [...left.values()],
        pending: [...pending].map(([id, dueAt]) => ({ id, dueAt })),
      };
    }
  }
  throw new LogUnavailable('Expected the log to be read to its end, but it was closed.');
};

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
};

async function* one<T>(page: () => Promise<T>): AsyncGenerator<T> {
  yield await page();
}
