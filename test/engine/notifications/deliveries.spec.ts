import { describe, expect, it } from 'vitest';
import { noticeIdOf } from '../../../src/domain/notification/notice.ts';
import { entityOf } from '../../../src/domain/stream.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock } from '../../spec/clock.ts';
import { CALLER } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { FAILING, openNotified } from './open-notified.ts';

const SLACK = { channel: 'slack', recipient: 'admins' } as const;
const EMAIL = { channel: 'email', recipient: 'admins' } as const;

const shown = ({ type, facts }: { readonly type: string; readonly facts: object }) => ({ type, ...facts });

describe('a run that fails', () => {
  it('tells everybody who is to be told, each by a notification that is durable before it is sent', async () => {
    const { run, notifier, seen, notifications } = await openNotified();
    const { id, events } = await run(FAILING);
    const sent = await seen('notification.sent', 2);
    const revision = events.length - 1;
    const ids = [SLACK, EMAIL].map((target) => noticeIdOf(id, revision, target));
    expect(sent.map(({ stream }) => entityOf(stream)).sort()).toEqual([...ids].sort());

    const of = { workflow: 'failing', execution: id, step: 'fails', about: 'execution.failed' };
    const slack = (await notifications()).filter(({ stream }) => entityOf(stream) === ids[0]);
    expect(slack.map(shown)).toEqual([
      { type: 'notification.requested', ...of, ...SLACK, revision },
      { type: 'notification.sent', ...of, ...SLACK, attempt: 1, duration: 0 },
    ]);
    expect(slack.map(({ commit }) => commit.metadata.$correlationId)).toEqual([id, id]);
    const message = notifier.sent.find(({ channel }) => channel === 'slack');
    expect(message).toMatchObject({ id: ids[0], ...of, ...SLACK, attempt: 1 });
    expect(message).toMatchObject(JSON.parse(slack[0]?.payload ?? '{}') as object);
    expect(message?.subject).toBe('failing failed at fails: Declined');
  });

  it('has failed all the same when nobody can be told', async () => {
    const { run, notifier, seen, errors } = await openNotified();
    notifier.will('refused for good');
    expect((await run(FAILING)).state.status).toBe('failed');
    const dead = await seen('notification.dead_lettered', 2);
    expect(dead.map(({ facts }) => facts)).toMatchObject([
      { attempts: 1, errorType: 'Refused' },
      { attempts: 1, errorType: 'Refused' },
    ]);
    expect(errors).toEqual([]);
  });
});

const ONE = FAILING.replace('[slack, email]', '[slack]');

describe('a message that is not taken', () => {
  it('is sent again when that is due, and not before', async () => {
    const clock = handClock();
    const { run, notifier, seen } = await openNotified({ clock });
    notifier.will('refused', 'refused', 'taken');
    await run(ONE);
    for (const n of [1, 2]) {
      const failed = (await seen('notification.failed', n)).at(-1);
      const dueAt = Number(failed?.facts['dueAt']);
      await clock.armed(dueAt);
      clock.advance(dueAt - clock.now() - 1);
      expect(notifier.sent).toHaveLength(n);
      clock.advance(1);
      await notifier.count(n + 1);
    }
    const [sent] = await seen('notification.sent');
    expect(sent?.facts).toMatchObject({ attempt: 3 });
    expect(notifier.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(notifier.sent.map(({ id }) => id)).size).toBe(1);
    expect(clock.due).toEqual([]);
  });

  it('is told to end when it takes too long, and is sent again', async () => {
    const clock = handClock();
    const { run, notifier, seen } = await openNotified({ clock });
    notifier.will('hangs', 'taken');
    await run(ONE);
    await notifier.count(1);
    clock.advance(10_000);
    const [failed] = await seen('notification.failed');
    expect(failed?.facts).toMatchObject({ errorType: 'Timeout', duration: 10_000, attempt: 1 });
    expect(notifier.aborted).toHaveLength(1);
    await clock.armed(Number(failed?.facts['dueAt']));
    clock.advance(2_000);
    await seen('notification.sent');
  });

  it('is sent once more when an operator wants it, who is named with the reason', async () => {
    const { run, notifier, seen, deliveries, log } = await openNotified();
    notifier.will('refused for good', 'taken');
    await run(ONE);
    const [dead] = await seen('notification.dead_lettered');
    const id = entityOf(dead?.stream ?? '');
    const position = await deliveries.resend(id, 'mended', CALLER);
    const [sent] = await seen('notification.sent');
    expect(sent?.facts).toMatchObject({ attempt: 2 });
    const again = (await log.read(`notification-${id}`)).find(({ position: at }) => at === position);
    expect(again).toMatchObject({ type: 'notification.resend_requested', payload: '{"reason":"mended"}' });
    expect(again?.commit.metadata.actor).toEqual(CALLER.actor);
    await expect(deliveries.resend('no-such', '', CALLER)).rejects.toMatchObject({
      code: 'NOTIFICATION_NOT_FOUND',
    });
  });
});

describe('what is asked for twice', () => {
  it('is there once, and sent once', async () => {
    const { run, notifier, notifications, deliveries, seen } = await openNotified();
    const { id, events } = await run(ONE);
    await seen('notification.sent');
    await deliveries.noticeLeft(id, events.length - 1);
    expect((await notifications()).map(({ type }) => type)).toEqual([
      'notification.requested',
      'notification.sent',
    ]);
    expect(notifier.sent).toHaveLength(1);
  });

  it('is nothing of an event that tells nobody, or is not there', async () => {
    const { run, notifications, deliveries } = await openNotified();
    const { id } = await run(ONE.replace(/error_handling:[^]*/, ''));
    await deliveries.noticeLeft(id, 0);
    await deliveries.noticeLeft(id, 1_000);
    expect(await notifications()).toEqual([]);
  });
});

describe('a lease that runs out while a notification is read, and goes on', () => {
  it('keeps nobody from being told', async () => {
    const plain = await temporaryLog();
    const again = Promise.withResolvers<boolean>();
    let reads = 0;
    let holding = true;
    const log: EventLog = {
      ...plain,
      read: (stream, options) => {
        if (stream.startsWith('notification-')) reads += 1;
        if (reads === 1) holding = false;
        return plain.read(stream, options);
      },
    };
    const owned = {
      owns: () => true,
      holds: () => holding,
      takes: () => holding,
      whenHeld: () => again.promise,
    };
    const { run, seen, notifier } = await openNotified({ log, owned });
    await run(ONE);
    await expect.poll(() => holding).toBe(false);
    reads += 1;
    holding = true;
    again.resolve(true);
    await seen('notification.sent', 1);
    expect(notifier.sent).toHaveLength(1);
  });
});

describe('a server that stops', () => {
  it('waits for messages that are being sent, and begins no other', async () => {
    const clock = handClock();
    const { run, notifier, deliveries, notifications, seen } = await openNotified({ clock });
    notifier.will('hangs');
    await run(FAILING);
    await notifier.count(2);
    deliveries.stop();
    const drained = deliveries.drain(5_000);
    await run(FAILING);
    await seen('notification.requested', 4);
    clock.advance(5_000);
    await drained;
    expect(notifier.aborted).toHaveLength(2);
    expect(notifier.sent).toHaveLength(2);
    const types = (await notifications()).map(({ type }) => type);
    // What is asked for meanwhile is durable, and left to the next start.
    expect(types).toEqual(Array.from({ length: 4 }, () => 'notification.requested'));
  });
});
