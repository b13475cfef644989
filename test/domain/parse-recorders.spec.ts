import { describe, expect, it } from 'vitest';
import { parseRecorders } from '../../src/domain/recorder/parse-recorders.ts';

const secretOf = (name: string): string | undefined => (name === 'KEY' ? 'Bearer x' : undefined);

describe('a file of recorders', () => {
  it('names them, and how each is given events', () => {
    const source = `
archive: { file: /var/log/events.ndjson }
crm:
  from: now
  webhook: { url: 'https://crm.example.org/events', timeout: 5s, headers: { authorization: { secret: KEY } } }
otel: { otlp_logs: { url: 'http://127.0.0.1:4318/v1/logs' } }
`;
    expect(parseRecorders(source, secretOf)).toEqual({
      ok: true,
      recorders: [
        { name: 'archive', from: 'start', kind: 'file', path: '/var/log/events.ndjson' },
        {
          name: 'crm',
          from: 'now',
          kind: 'webhook',
          url: 'https://crm.example.org/events',
          headers: { authorization: 'Bearer x' },
          timeout: 5_000,
        },
        {
          name: 'otel',
          from: 'start',
          kind: 'otlp_logs',
          url: 'http://127.0.0.1:4318/v1/logs',
          headers: {},
          timeout: 10_000,
        },
      ],
    });
  });

  it('is refused with everything that is wrong, each in its place', () => {
    const source = `
a: { file: 7 }
b: { webhook: { url: ftp://x } }
c: { from: then, file: x }
d: { file: x, webhook: { url: http://x } }
e: { flie: x }
f: { webhook: { url: { secret: NONE } } }
`;
    const parsed = parseRecorders(source, secretOf);
    expect(parsed.ok ? [] : parsed.problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 WRONG_TYPE',
      '3 WRONG_VALUE',
      '4 WRONG_VALUE',
      '5 MISSING_FIELD',
      '6 MISSING_FIELD',
      '6 UNKNOWN_FIELD',
      '7 MISSING_FIELD',
    ]);
    expect(parseRecorders('[]', secretOf).ok).toBe(false);
    expect(parseRecorders('{', secretOf).ok).toBe(false);
  });
});
