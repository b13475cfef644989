import { describe, expect, it } from 'vitest';
import {
  decideNotification,
  NOTIFICATION_RETRY,
  type NotificationCommand,
} from '../../../src/domain/notification/decide.ts';
import type { NotificationEvent, NotificationRequested } from '../../../src/domain/notification/events.ts';
import { evolveNotification, UNREQUESTED } from '../../../src/domain/notification/state.ts';

const OF = {
  workflow: 'refund',
  execution: 'e1',
  step: 'pay',
  channel: 'webhook',
  recipient: 'admins',
  about: 'execution.failed',
} as const;

const requested: NotificationRequested = {
  type: 'notification.requested',
  facts: { ...OF, revision: 7 },
  payload: { subject: 'refund failed', text: 'Because.' },
};

const error = { type: 'Http503', message: 'no' };
const failed = (attempt: number, more: object = {}): NotificationCommand => ({
  type: 'report',
  ok: false,
  attempt,
  duration: 5,
  error,
  isFinal: false,
  ...more,
});
const sent = (attempt: number): NotificationCommand => ({ type: 'report', ok: true, attempt, duration: 5 });
const resend: NotificationCommand = { type: 'resend', id: 'n1', reason: 'mended' };

const given = (...commands: readonly NotificationCommand[]) => {
  const context = { now: 1_000, random: () => 0.5 };
  let state = Object.freeze(UNREQUESTED);
  let events: readonly NotificationEvent[] = [];
  for (const command of [{ type: 'request', event: requested } as const, ...commands]) {
    events = decideNotification(state, command, context);
    state = Object.freeze(events.reduce((s, event) => evolveNotification(s, event, 1_000), state));
  }
  return { events, state };
};

const failing = (times: number): readonly NotificationCommand[] =>
  Array.from({ length: times }, (_, n) => failed(n + 1));

const refusalOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('a notification', () => {
  it('is asked for once', () => {
    expect(given().events).toEqual([requested]);
    expect(given({ type: 'request', event: requested }).events).toEqual([]);
    expect(given(sent(1), { type: 'request', event: requested }).events).toEqual([]);
  });

  it('is sent, which ends it', () => {
    const { events, state } = given(sent(1));
    expect(events).toEqual([{ type: 'notification.sent', facts: { ...OF, attempt: 1, duration: 5 } }]);
    expect(state).toMatchObject({ status: 'sent', attempts: 1 });
    expect(given(sent(1), failed(2)).events).toEqual([]);
  });

  it('is tried again after a failure, later each time', () => {
    const due = failing(5).map((_, n) => given(...failing(n + 1)).events);
    expect(due.map(([event]) => event?.facts)).toMatchObject(
      [1_000, 4_000, 16_000, 64_000, 256_000].map((delay, n) => ({
        ...OF,
        attempt: n + 1,
        duration: 5,
        errorType: 'Http503',
        dueAt: 1_000 + delay,
      })),
    );
    expect(due[0]?.[0]?.payload).toEqual({ error });
  });

  it('waits as long as it is asked to, but not for ever', () => {
    expect(given(failed(1, { pause: 60_000 })).events).toMatchObject([{ facts: { dueAt: 61_000 } }]);
    expect(given(failed(1, { pause: 10 })).events).toMatchObject([{ facts: { dueAt: 2_000 } }]);
    const longest = 1_000 + NOTIFICATION_RETRY.max;
    expect(given(failed(1, { pause: 1e12 })).events).toMatchObject([{ facts: { dueAt: longest } }]);
  });

  it('is given up after so many attempts', () => {
    const { maxAttempts } = NOTIFICATION_RETRY;
    expect(given(...failing(maxAttempts - 1)).state.status).toBe('pending');
    const { events, state } = given(...failing(maxAttempts));
    expect(events).toEqual([
      {
        type: 'notification.failed',
        facts: { ...OF, attempt: maxAttempts, duration: 5, errorType: 'Http503' },
        payload: { error },
      },
      {
        type: 'notification.dead_lettered',
        facts: { ...OF, attempts: maxAttempts, errorType: 'Http503' },
      },
    ]);
    expect(state).toMatchObject({ status: 'dead_lettered', attempts: maxAttempts });
  });

  it('is given up at once when trying again would come to the same', () => {
    const { events } = given(failed(1, { isFinal: true }));
    expect(events.map(({ type }) => type)).toEqual(['notification.failed', 'notification.dead_lettered']);
  });

  it('takes no report of another attempt than the one that is next', () => {
    for (const attempt of [0, 2]) expect(given(sent(attempt)).events).toEqual([]);
    expect(given(failed(1), failed(1)).events).toEqual([]);
  });

  it.each([
    ['given up', failed(1, { isFinal: true })],
    ['sent', sent(1)],
  ])('is sent once more when it was %s, as often as a new one', (_, end) => {
    const again = given(end, resend);
    expect(again.events).toEqual([
      { type: 'notification.resend_requested', facts: OF, payload: { reason: 'mended' } },
    ]);
    expect(again.state).toMatchObject({ status: 'pending', attempts: 1, tries: 0, dueAt: 1_000 });
    expect(given(end, resend, failed(2)).events).toMatchObject([{ facts: { attempt: 2, dueAt: 2_000 } }]);
  });

  it('is not sent once more while it is tried, or when there is none', () => {
    expect(refusalOf(() => given(resend))).toMatchObject({
      code: 'NOTIFICATION_PENDING',
      message: 'Expected a notification that was sent or given up, but n1 is still being tried.',
    });
    const none = () => decideNotification(UNREQUESTED, resend, { now: 0, random: () => 0 });
    expect(refusalOf(none)).toMatchObject({
      code: 'NOTIFICATION_NOT_FOUND',
      message: 'Expected the id of a notification, but there is none with "n1".',
    });
  });
});
