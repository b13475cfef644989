import { describe, expect, it, onTestFinished } from 'vitest';
import { openInLog } from '../../../src/engine/notifications/open-in-log.ts';
import { openInViews, takeUpNotifications } from '../../../src/engine/notifications/recovery.ts';
import { entityOf } from '../../../src/domain/stream.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { listed } from '../../../src/projections/catalogue.ts';
import { notices } from '../../../src/projections/notices.projection.ts';
import { notifications } from '../../../src/projections/notifications.projection.ts';
import { startProjector } from '../../../src/projections/run-projections.ts';
import { temporaryReadModels } from '../../adapters/sqlite/temporary-read-models.ts';
import { handClock } from '../../spec/clock.ts';
import { handNotifier } from '../../spec/hand-notifier.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { FAILING, notificationsIn, openNotified } from './open-notified.ts';

/** What is open, as the views say that are folded from a log. */
const openByViews = async (log: EventLog) => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  const projections = [listed(notices), listed(notifications)];
  const projector = startProjector({ log, readModels, projections, clock: systemClock() });
  await projector.waitFor(await log.end(), ['notices', 'notifications'], 60_000);
  await projector.stop();
  return openInViews(readModels, { notices: 'notices_1', notifications: 'notifications_1' });
};

const WAYS = [
  ['the views', openByViews],
  ['the log', (log: EventLog) => Promise.resolve(openInLog(log))],
] as const;

/** A log to which a process that dies appends nothing of notifications. */
const dyingBefore = (log: EventLog, dies: (stream: string) => boolean): EventLog => ({
  ...log,
  append: (commit) => (dies(commit.stream) ? new Promise(() => undefined) : log.append(commit)),
});

/** Lists what streams are read of. */
const counted = (log: EventLog, reads: string[]): EventLog => ({
  ...log,
  read: (stream, options) => {
    reads.push(stream);
    return log.read(stream, options);
  },
});

describe.each(WAYS)('what is open, as %s say', (_, openOf) => {
  it('is asked for and sent once, when the process died before it was asked for', async () => {
    const log = await temporaryLog();
    const dies = (stream: string) => stream.startsWith('notification-');
    const dying = await openNotified({ log: dyingBefore(log, dies) });
    const { id } = await dying.run(FAILING);
    expect(await notificationsIn(log)).toEqual([]);

    const next = await openNotified({ log });
    expect(await takeUpNotifications(await openOf(log), next.deliveries)).toBe(1);
    await next.seen('notification.sent', 2);
    expect(next.notifier.sent.map(({ execution, channel }) => `${execution} ${channel}`).sort()).toEqual([
      `${id} email`,
      `${id} slack`,
    ]);
    expect(await takeUpNotifications(await openOf(log), next.deliveries)).toBe(0);
  });

  it('is only what is left of it, when the process died in the middle', async () => {
    const log = await temporaryLog();
    let first: string | undefined;
    const dies = (stream: string): boolean => {
      if (!stream.startsWith('notification-')) return false;
      first ??= stream;
      return stream !== first;
    };
    const dying = await openNotified({ log: dyingBefore(log, dies) });
    await dying.run(FAILING);
    await dying.seen('notification.sent');

    const next = await openNotified({ log });
    expect(await takeUpNotifications(await openOf(log), next.deliveries)).toBe(1);
    await next.seen('notification.sent', 2);
    expect(next.notifier.sent).toHaveLength(1);
    expect((await notificationsIn(log)).map(({ type }) => type).sort()).toEqual([
      'notification.requested',
      'notification.requested',
      'notification.sent',
      'notification.sent',
    ]);
  });

  it('is sent when it was not, and again when nobody knows', async () => {
    const log = await temporaryLog();
    const dying = await openNotified({ log, notifier: handNotifier() });
    dying.notifier.will('hangs');
    await dying.run(FAILING);
    await dying.notifier.count(2);

    const next = await openNotified({ log });
    expect(await takeUpNotifications(await openOf(log), next.deliveries)).toBe(2);
    await next.seen('notification.sent', 2);
    expect(next.notifier.sent.map(({ id }) => id).sort()).toEqual(
      dying.notifier.sent.map(({ id }) => id).sort(),
    );
  });

  it('is tried again when that is due, of what was tried before', async () => {
    const log = await temporaryLog();
    const dying = await openNotified({ log });
    dying.notifier.will('refused');
    await dying.run(FAILING);
    const failed = await dying.seen('notification.failed', 2);
    const dueAt = Math.max(...failed.map(({ facts }) => Number(facts['dueAt'])));

    const clock = handClock();
    const next = await openNotified({ log, clock });
    await takeUpNotifications(await openOf(log), next.deliveries);
    expect(next.notifier.sent).toEqual([]);
    clock.advance(dueAt - clock.now());
    await next.seen('notification.sent', 2);
    expect(next.notifier.sent.map(({ attempt }) => attempt)).toEqual([2, 2]);
  });

  it('is nothing of what was sent or given up, and costs no read of any', async () => {
    const log = await temporaryLog();
    const before = await openNotified({ log });
    await before.run(FAILING);
    await before.seen('notification.sent', 2);
    before.notifier.will('refused for good');
    await before.run(FAILING);
    await before.seen('notification.dead_lettered', 2);

    const reads: string[] = [];
    const next = await openNotified({ log: counted(log, reads) });
    expect(await takeUpNotifications(await openOf(log), next.deliveries)).toBe(0);
    expect(reads).toEqual([]);
  });

  it('is taken up by those who have it', async () => {
    const log = await temporaryLog();
    const dying = await openNotified({ log });
    dying.notifier.will('hangs');
    await dying.run(FAILING);
    const [one] = await dying.seen('notification.requested', 2);
    const mine = entityOf(one?.stream ?? '');

    const next = await openNotified({ log });
    expect(await takeUpNotifications(await openOf(log), next.deliveries, (id) => id === mine)).toBe(1);
    await next.seen('notification.sent', 1);
    expect(next.notifier.sent.map(({ id }) => id)).toEqual([mine]);
  });
});
