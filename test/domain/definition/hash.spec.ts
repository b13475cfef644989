import { describe, expect, it } from 'vitest';
import { definitionHash } from '../../../src/domain/definition/canonical.ts';
import { parsed } from './parsed.ts';

const hashOf = (source: string): string => parsed(source).definition.hash;

const SOURCE = `execution:
  workflow: high_priority_ticket
  trigger: { event: "ticket:created", conditions: { priority: high } }
  variables: { ticket_id: \${event.ticket_id}, limit: 10, ratio: 0.1, "10": é, "9": 😀 }
  activities:
    - name: notify_team
    - name: assign_agent
      when: \${workflow.limit > 5}
      retry: { max_attempts: 3 }
`;

describe('the hash of a definition', () => {
  it('is this one for ever', () => {
    expect(hashOf(SOURCE)).toBe('sha256:6ec01db19c3becb8b80661144477b2331eed5df3cd39443ef977765f9752be46');
  });

  it.each([
    [
      'the order of keys',
      (s: string) =>
        s.replace(
          '{ event: "ticket:created", conditions: { priority: high } }',
          '{ conditions: { priority: high }, event: "ticket:created" }',
        ),
    ],
    [
      'quotes',
      (s: string) =>
        s
          .replace('workflow: high_priority_ticket', "workflow: 'high_priority_ticket'")
          .replace('${event.ticket_id}', '"${event.ticket_id}"'),
    ],
    ['comments and empty lines', (s: string) => `# a remark\n\n${s.replaceAll('\n', ' # another\n')}\n\n`],
    [
      'the form of numbers',
      (s: string) => s.replace('limit: 10', 'limit: 1e1').replace('ratio: 0.1', 'ratio: 1e-1'),
    ],
    ['the ends of lines', (s: string) => s.replaceAll('\n', '\r\n')],
    ['a byte order mark', (s: string) => `\ufeff${s}`],
    ['anchors', (s: string) => s.replace('limit: 10', 'limit: &limit 10')],
    ['execution: left out', (s: string) => s.replace('execution:\n', '').replaceAll(/^ {2}/gm, '')],
    [
      'blocks beside execution:',
      (s: string) =>
        `variables: { ticket_id: "\${event.ticket_id}", "9": 😀, "10": é, limit: 10, ratio: 0.1 }\n${s.replace(/ {2}variables.*\n/, '')}`,
    ],
    ['JSON', (s: string) => JSON.stringify(parsed(s).document)],
    ['JSON in lines', (s: string) => JSON.stringify(parsed(s).document, null, '\t')],
  ])('does not depend on %s', (_, change) => {
    const changed = change(SOURCE);
    expect(changed).not.toBe(SOURCE);
    expect(hashOf(changed)).toBe(hashOf(SOURCE));
  });

  it.each([
    ['a value', (s: string) => s.replace('limit: 10', 'limit: 11')],
    ['the type of a value', (s: string) => s.replace('limit: 10', 'limit: "10"')],
    ['a name', (s: string) => s.replace('ratio:', 'rate:')],
    [
      'the order of steps',
      (s: string) => s.replace('    - name: notify_team\n', '') + '    - name: notify_team\n',
    ],
    ['an expression', (s: string) => s.replace('limit > 5', 'limit >  5')],
    ['a description', (s: string) => `${s}  description: another\n`],
    ['what is the default', (s: string) => `${s}      timeout: 5m\n`],
  ])('depends on %s', (_, change) => {
    const changed = change(SOURCE);
    expect(changed).not.toBe(SOURCE);
    expect(hashOf(changed)).not.toBe(hashOf(SOURCE));
  });

  it('is that of the canonical JSON, keys in the order of their UTF-16 units', () => {
    expect(definitionHash({ b: [1, { d: null, c: 'é' }], a: 1e21, '10': true, '9': -0 })).toBe(
      definitionHash(JSON.parse('{"10":true,"9":0,"a":1e21,"b":[1,{"c":"é","d":null}]}')),
    );
    const text = '{"10":true,"9":0,"a":1e+21}';
    const bytes = new TextEncoder().encode(text);
    return crypto.subtle.digest('SHA-256', bytes).then((digest) => {
      const hex = Buffer.from(digest).toString('hex');
      expect(definitionHash({ '9': 0, a: 1e21, '10': true })).toBe(`sha256:${hex}`);
    });
  });
});
