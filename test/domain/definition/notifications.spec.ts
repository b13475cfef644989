import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';
import type { Problem } from '../../../src/domain/definition/definition.ts';
import type { Directory, KnownRecipients } from '../../../src/domain/notification/target.ts';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const DIRECTORY: Directory = new Map([
  ['workflow_admin', ['slack', 'email']],
  ['owner', ['webhook']],
]);

const source = (more: string): string => `execution:
  workflow: w
  activities: [{ name: a }]
${more.replaceAll(/^/gm, '  ')}`;

const notificationsOf = (more: string) => parsed(source(more)).definition.notifications;

const SLACK = { channel: 'slack', recipient: 'workflow_admin' };
const EMAIL = { channel: 'email', recipient: 'workflow_admin' };
const HOOK = { channel: 'webhook', recipient: 'owner' };

const refusedWith = (text: string) => {
  const read = parseDefinition(
    text,
    () => true,
    () => undefined,
    DIRECTORY,
  );
  const list = read.ok ? [] : read.problems;
  return list.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
};

describe('who a definition tells', () => {
  it('is each recipient by each channel, once, when a run fails', () => {
    expect(
      notificationsOf(
        'error_handling:\n  workflow_error: { notification: { channels: [slack, email, slack], recipients: [workflow_admin] } }',
      ),
    ).toEqual({ usual: [SLACK, EMAIL], failure: [SLACK, EMAIL], compensation: [] });
  });

  it('is who is told of failures, where only that is said', () => {
    const more = `
error_handling: { workflow_error: { notification: { channels: [webhook], recipients: [owner] } } }
compensation: { notification: true }`;
    expect(notificationsOf(more)).toEqual({ usual: [HOOK], failure: [HOOK], compensation: [HOOK] });
  });

  it('is who usually is told, and what a place says itself goes before that', () => {
    const more = `
notification: { channels: [slack], recipients: [workflow_admin] }
error_handling: { workflow_error: { notification: { channels: [email] } } }
compensation: { notification: true }`;
    expect(notificationsOf(more)).toEqual({ usual: [SLACK], failure: [EMAIL], compensation: [SLACK] });
  });

  it('is nobody unless somebody is to be told', () => {
    const nobody = { usual: [], failure: [], compensation: [] };
    expect(notificationsOf('')).toEqual(nobody);
    expect(notificationsOf('compensation: { notification: false }')).toEqual(nobody);
    const usual = 'notification: { channels: [slack], recipients: [workflow_admin] }';
    expect(notificationsOf(usual)).toEqual({ ...nobody, usual: [SLACK] });
  });

  it('is told by a fallback that says so, its own or the one of all steps', () => {
    const fallbackOf = (text: string) => parsed(text).definition.steps[0]?.fallback;
    const all = source('error_handling: { activity_error: { fallback: { activity: skip, notify: true } } }');
    expect(fallbackOf(all)).toEqual({ kind: 'skip', notify: true });
    const own = all.replace('{ name: a }', '{ name: a, fallback: { activity: b } }');
    expect(fallbackOf(own)).toEqual({ kind: 'activity', activity: 'b' });
  });

  it('is warned of when it is nobody', () => {
    const text = `execution:
  workflow: w
  activities:
    - name: a
      fallback: { activity: skip, notify: true }
    - name: b
      foreach: { items: "\${[1]}", steps: [{ name: c, fallback: { activity: skip, notify: true } }] }
  error_handling:
    activity_error: { fallback: { activity: skip, notify: true } }
    workflow_error: { notification: true }
  compensation: { notification: { channels: [slack] } }
`;
    expect(warningsOf(text)).toEqual([
      '5:35 NOBODY_TOLD execution.activities[0].fallback.notify',
      '7:82 NOBODY_TOLD execution.activities[1].foreach.steps[0].fallback.notify',
      '9:51 NOBODY_TOLD execution.error_handling.activity_error.fallback.notify',
      '10:23 NOBODY_TOLD execution.error_handling.workflow_error.notification',
      '11:19 NOBODY_TOLD execution.compensation.notification',
    ]);
  });
});

describe('a notification of a wrong form', () => {
  it('is refused with all that is wrong, each with its place', () => {
    const text = `execution:
  workflow: w
  activities:
    - name: a
      fallback: { activity: skip, notify: often }
  notification: { chanels: [slack], recipients: workflow_admin }
  error_handling:
    workflow_error: { notification: { channels: [sms, slak], recipients: [""] } }
  compensation: { notification: [slack] }
`;
    expect(problemsOf(text)).toEqual([
      '5:43 WRONG_TYPE execution.activities[0].fallback.notify',
      '6:19 UNKNOWN_FIELD execution.notification.chanels',
      '6:49 WRONG_TYPE execution.notification.recipients',
      '8:50 WRONG_VALUE execution.error_handling.workflow_error.notification.channels[0]',
      '8:55 WRONG_VALUE execution.error_handling.workflow_error.notification.channels[1]',
      '8:75 WRONG_VALUE execution.error_handling.workflow_error.notification.recipients[0]',
      '9:33 WRONG_TYPE execution.compensation.notification',
    ]);
  });
});

describe('a recipient', () => {
  it('has to be one that the server knows, with the channels that are meant, everywhere at once', () => {
    const text = `execution:
  workflow: w
  activities:
    - name: tell
      activity: notify
      input: { channels: [slack], recipients: [owner, workflow_adm], subject: x }
    - name: notify
      input: { recipients: [nobody, "\${workflow.name}"], subject: x }
  notification: { channels: [slack, webhook], recipients: [workflow_admin] }
  error_handling:
    workflow_error: { notification: { channels: [email], recipients: [workflow_admni] } }
  compensation: { notification: { channels: [webhook] } }
`;
    expect(refusedWith(text)).toEqual([
      '6:48 NO_SUCH_CHANNEL Expected a recipient with slack, but "owner" has webhook.',
      '6:55 UNKNOWN_RECIPIENT Expected a recipient that the server knows, but there is no "workflow_adm". Did you mean "workflow_admin"?',
      '8:29 UNKNOWN_RECIPIENT Expected a recipient that the server knows, but there is no "nobody".',
      '9:60 NO_SUCH_CHANNEL Expected a recipient with webhook, but "workflow_admin" has slack and email.',
      '11:71 UNKNOWN_RECIPIENT Expected a recipient that the server knows, but there is no "workflow_admni". Did you mean "workflow_admin"?',
      '12:45 NO_SUCH_CHANNEL Expected a recipient with webhook, but "workflow_admin" has slack and email.',
    ]);
  });

  it('may be anybody where the server was told of none, with a warning at each place that names some', () => {
    const text = `execution:
  workflow: w
  activities:
    - { name: notify, input: { recipients: [anybody, "\${workflow.name}"], subject: x } }
  notification: { channels: [slack], recipients: [anybody] }
  compensation: { notification: true }
`;
    const read = (known?: KnownRecipients) =>
      parseDefinition(
        text,
        () => true,
        () => undefined,
        known,
      );
    expect(read()).toMatchObject({ ok: true, warnings: [] });
    expect(read(new Map())).toMatchObject({ ok: false });
    const { warnings } = read('none') as { readonly warnings?: readonly Problem[] };
    expect(warnings?.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '4:44 NO_RECIPIENTS',
      '5:50 NO_RECIPIENTS',
    ]);
  });

  it('of a step that is none of the kind is not looked at', () => {
    const text = `execution:
  workflow: w
  activities:
    - name: notify
      activity: mine
      input: { recipients: [nobody] }
`;
    expect(refusedWith(text)).toEqual([]);
  });
});
