import { describe, it } from 'vitest';
import { noticeIdOf } from '../../src/domain/notification/notice.ts';
import { notices } from '../../src/projections/notices.projection.ts';
import { notifications } from '../../src/projections/notifications.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as s from './samples.ts';

const STREAM = 'notification-n1';
const at = (time: number, ...events: Happened['events']) => happened(STREAM, time, ...events);

describe('notifications', () => {
  it('says all of one that is asked for', () => {
    given(notifications, at(1_000, s.notificationRequested('e1'))).thenExactly('n1', {
      id: 'n1',
      workflow: s.WORKFLOW,
      tenant: 'default',
      execution: 'e1',
      step: 'pay',
      channel: 'slack',
      recipient: 'admins',
      about: 'execution.failed',
      status: 'pending',
      attempts: 0,
      requestedAt: 1_000,
      dueAt: 1_000,
      sentAt: null,
      errorType: null,
      stream: STREAM,
      errorRevision: null,
    });
  });

  it('follows it until it is sent', () => {
    const failed = given(notifications, at(1_000, s.notificationRequested('e1'))).when(
      at(1_010, s.notificationFailed('e1', 1, 2_000)),
    );
    failed.thenShows({
      n1: { status: 'pending', attempts: 1, dueAt: 2_000, errorType: 'Oops', errorRevision: 1 },
    });
    failed.when(at(2_005, s.notificationSent('e1', 2))).thenShows({
      n1: { status: 'sent', attempts: 2, dueAt: null, sentAt: 2_005, errorType: null, errorRevision: null },
    });
  });

  it('says that it was given up, and that it is tried once more', () => {
    const dead = given(notifications, at(1_000, s.notificationRequested('e1'))).when(
      at(1_010, s.notificationFailed('e1', 1), s.notificationDeadLettered('e1', 1)),
    );
    dead.thenShows({
      n1: { status: 'dead_lettered', attempts: 1, dueAt: null, errorType: 'Oops', errorRevision: 1 },
    });
    dead.when(at(9_000, s.notificationResendRequested('e1'))).thenShows({
      n1: { status: 'pending', attempts: 1, dueAt: 9_000, requestedAt: 1_000 },
    });
  });
});

describe('notices', () => {
  const EMAIL = { channel: 'email', recipient: 'admins' } as const;
  const SLACK = { channel: 'slack', recipient: 'admins' } as const;
  const [email, slack] = [EMAIL, SLACK].map((target) => noticeIdOf('e1', 1, target));
  const failed = s.failed(0, 9);
  const telling = { ...failed, facts: { ...failed.facts, notifies: [EMAIL, SLACK] } };
  const asked = (id: string | undefined) =>
    happened(`notification-${id}`, 10, s.notificationRequested('e1', 1));

  it('are left of an event that tells somebody, until all of it is asked for', () => {
    const left = given(notices, happened('execution-e1', 9, s.started(), telling));
    left.thenExactly('e1:1', { execution: 'e1', revision: 1, left: [email ?? '', slack ?? ''], count: 2 });
    left.when(asked(slack)).thenShows({ 'e1:1': { left: [email], count: 1 } });
    left.when(asked(slack), asked(email)).thenShows({ 'e1:1': { left: [], count: 0 } });
  });

  it('are none of an event that tells nobody, or of what a step asked for', () => {
    given(notices, happened('execution-e1', 9, s.started(), failed))
      .when(happened('notification-n9', 9, s.notificationRequested('e1')))
      .thenShows({});
  });
});
