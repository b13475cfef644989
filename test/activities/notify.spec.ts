import { describe, expect, it } from 'vitest';
import { notifyActivity } from '../../src/activities/notify.activity.ts';
import { notificationIdOf, type NotificationRequest } from '../../src/domain/notification/notice.ts';
import type { Directory } from '../../src/domain/notification/target.ts';
import type { Json } from '../../src/domain/json.ts';
import { Rejection } from '../../src/domain/rejection.ts';
import { createSchemas } from '../../src/engine/schemas.ts';
import { attemptContext } from './context.ts';

const USUAL = [
  { channel: 'slack', recipient: 'admins' },
  { channel: 'email', recipient: 'admins' },
] as const;

const open = (directory?: Directory, refusal?: Error) => {
  const asked: NotificationRequest[] = [];
  const activity = notifyActivity({
    directory,
    usual: () => Promise.resolve(USUAL),
    request: (requests) => {
      asked.push(...requests);
      return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
    },
  });
  const { context } = attemptContext({
    executionId: 'e1',
    workflow: 'refund',
    step: 'tell',
    idempotencyKey: 'e1:tell',
  });
  return { asked, activity, run: async (input: Json) => activity.run(context, input) };
};

const targetsIn = (asked: readonly NotificationRequest[]) =>
  asked.map(({ event }) => `${event.facts.recipient} by ${event.facts.channel}`);

describe('the activity notify', () => {
  it('asks for a notification of each recipient by each channel, with ids that follow from the step', async () => {
    const { run, asked } = open();
    const input = { channels: ['webhook'], recipients: ['owner', 'admins'], subject: 'Paid', text: 'All.' };
    const output = await run(input);
    const ids = ['owner', 'admins'].map((recipient) =>
      notificationIdOf('e1:tell', { channel: 'webhook', recipient }),
    );
    expect(output).toEqual({ notifications: ids });
    expect(asked[0]).toEqual({
      id: ids[0],
      event: {
        type: 'notification.requested',
        facts: {
          workflow: 'refund',
          execution: 'e1',
          step: 'tell',
          channel: 'webhook',
          recipient: 'owner',
          about: 'notify',
        },
        payload: { subject: 'Paid', text: 'All.' },
      },
    });
    await run(input);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    [{}, ['admins by slack', 'admins by email']],
    [{ recipients: ['owner'] }, ['owner by slack', 'owner by email']],
    [{ channels: ['webhook'] }, ['admins by webhook']],
  ])('tells whoever the definition tells, unless it is said: %j', async (more, expected) => {
    const { run, asked } = open();
    await run({ subject: 'Paid', ...more });
    expect(targetsIn(asked)).toEqual(expected);
  });

  it('tells in one line and no more than that', async () => {
    const { run, asked } = open();
    await run({ subject: `Paid\r\nBcc: eve ${'x'.repeat(500)}` });
    const { subject, text } = asked[0]?.event.payload ?? { subject: '', text: '-' };
    expect(subject).toMatch(/^Paid Bcc: eve x+…$/);
    expect(subject).toHaveLength(200);
    expect(text).toBe('');
  });

  it('fails for good with nobody to tell, or somebody whom the server cannot tell', async () => {
    const nobody = notifyActivity({
      directory: undefined,
      usual: () => Promise.resolve([]),
      request: () => Promise.resolve(),
    });
    const told = Promise.resolve(nobody.run(attemptContext().context, { subject: 'x' }));
    await expect(told).rejects.toMatchObject({ type: 'NobodyTold', retryable: false });
    const { run, asked } = open(new Map([['admins', ['slack']]]));
    const input = { channels: ['slack'], subject: 'x' };
    await expect(run({ ...input, recipients: ['nobody'] })).rejects.toMatchObject({
      type: 'UnknownRecipient',
      retryable: false,
    });
    await expect(run({ ...input, channels: ['email'] })).rejects.toMatchObject({ type: 'NoSuchChannel' });
    expect(asked).toEqual([]);
    await run(input);
    expect(targetsIn(asked)).toEqual(['admins by slack']);
  });

  it('fails for good with a text that no event can hold, and may be tried again after anything else', async () => {
    const large = open(undefined, new Rejection('PAYLOAD_TOO_LARGE', 'too large'));
    await expect(large.run({ subject: 'x' })).rejects.toMatchObject({
      type: 'PayloadTooLarge',
      retryable: false,
    });
    const away = open(undefined, new Error('away'));
    await expect(away.run({ subject: 'x' })).rejects.toThrow('away');
  });

  it.each([
    [{ text: 'x' }, 'subject'],
    [{ subject: '' }, 'subject'],
    [{ subject: 'x', channels: [] }, 'channels'],
    [{ subject: 'x', channels: ['sms'] }, 'channels'],
    [{ subject: 'x', recipients: 'admins' }, 'recipients'],
    [{ subject: 'x', to: ['admins'] }, 'additional'],
    ['x', 'object'],
  ])('does not take %j', (input, named) => {
    const problems = createSchemas().check(open().activity.input, input);
    expect(problems.join()).toContain(named);
  });
});
