import { describe, expect, it } from 'vitest';
import { channelsOf, parseRecipients } from '../../../src/domain/notification/recipients.ts';

const SECRETS: Readonly<Record<string, string>> = {
  SLACK_OPS: 'https://hooks.slack.example/services/T0/B0/XXXX',
  OPS_HOOK: 'hush',
  BROKEN: 'ftp://somewhere',
};

const parse = (text: string) => parseRecipients(text, (name) => SECRETS[name]);

const problemsOf = (text: string): readonly string[] => {
  const parsed = parse(text);
  if (parsed.ok) throw new Error('Expected problems, but there are none.');
  return parsed.problems.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`);
};

const messagesOf = (text: string): readonly string[] => {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
};

describe('a file of recipients', () => {
  it('says by which channels each of them is told, with their secrets', () => {
    const parsed = parse(`
workflow_admin:
  description: Whoever is on duty.
  email: [ops@example.org, duty@example.org]
  slack: { secret: SLACK_OPS }
  webhook: { url: 'https://ops.example/hook', secret: OPS_HOOK }
owner: { email: ada@example.org }
room: { slack: 'http://127.0.0.1:9/room' }
`);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(Object.fromEntries(parsed.recipients)).toEqual({
      workflow_admin: {
        email: ['ops@example.org', 'duty@example.org'],
        slack: SECRETS['SLACK_OPS'],
        webhook: { url: 'https://ops.example/hook', secret: 'hush' },
      },
      owner: { email: ['ada@example.org'] },
      room: { slack: 'http://127.0.0.1:9/room' },
    });
    expect([...parsed.recipients.values()].map(channelsOf)).toEqual([
      ['slack', 'email', 'webhook'],
      ['email'],
      ['slack'],
    ]);
  });

  it('has all of its problems found at once, each with its place', () => {
    expect(
      problemsOf(`
Workflow Admin: { email: ops@example.org }
a: { emial: ops@example.org }
b: {}
c: { email: ops }
d: { email: [] }
e: { email: [ops@example.org, 7] }
f: { slack: ftp://example.org }
g: { slack: { secret: NOT_SET } }
h: { slack: { secret: BROKEN } }
i: { webhook: { url: 'https://ops.example' } }
j: { webhook: { url: 'https://u:p@ops.example', secret: 'no name!' } }
k: { webhook: { url: 'https://ops.example', secret: NOT_SET, sceret: x } }
l: 12
`),
    ).toEqual([
      '2:1 BAD_NAME ["Workflow Admin"]',
      '3:1 MISSING_FIELD a',
      '3:6 UNKNOWN_FIELD a.emial',
      '4:1 MISSING_FIELD b',
      '5:13 WRONG_VALUE c.email',
      '6:13 WRONG_VALUE d.email',
      '7:31 WRONG_TYPE e.email[1]',
      '8:13 WRONG_VALUE f.slack',
      '9:23 MISSING_FIELD g.slack.secret',
      '10:13 WRONG_VALUE h.slack',
      '11:6 MISSING_FIELD i.webhook',
      '12:22 WRONG_VALUE j.webhook.url',
      '12:57 WRONG_VALUE j.webhook.secret',
      '13:53 MISSING_FIELD k.webhook.secret',
      '13:62 UNKNOWN_FIELD k.webhook.sceret',
      '14:4 WRONG_TYPE l',
    ]);
  });

  it('says what was expected, with the nearest name', () => {
    expect(messagesOf('a: { email: a@b, webhok: {} }')).toEqual([
      'Expected a field of how somebody is reached, but there is no "webhok". Did you mean "webhook"?',
    ]);
    expect(messagesOf('a: { slack: { secret: NOT_SET } }')).toEqual([
      'Expected the secret that is named here in the variable SAGALOG_SECRET_<name>, but it is not set.',
    ]);
    expect(messagesOf('a: {}')).toEqual([
      'Expected "email", "slack" or "webhook" here, but there is none of them.',
    ]);
  });

  it('shows no secret, not even one that stands where its name should', () => {
    const all = [
      'a: { webhook: { url: https://h.example, secret: "p4ss word" } }',
      'a: { slack: "ftp://p4ss" }',
      'a: { slack: 4455 }',
      'a: { webhook: { url: "https://u:p4ss@h.example", secret: OPS_HOOK } }',
      'a: { slack: { secret: BROKEN } }',
      'a: { webhook: { url: https://h.example, secret: p4ss } }',
    ].flatMap(messagesOf);
    expect(all).toHaveLength(6);
    for (const message of all) expect(message).not.toMatch(/p4ss|4455|somewhere/);
  });

  it.each([
    ['nothing', '', ['1:1 WRONG_TYPE ']],
    ['nobody', '{}', ['1:1 WRONG_VALUE ']],
    ['a list', '- a', ['1:1 WRONG_TYPE ']],
    ['no YAML', 'a: [', ['1:5 INVALID_YAML ']],
    ['one name twice', 'a: { email: a@b }\na: { email: c@d }', ['2:1 DUPLICATE_KEY a']],
  ])('is refused when it holds %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
