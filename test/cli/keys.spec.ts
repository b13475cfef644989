import { describe, expect, it } from 'vitest';
import { expiryOf, keysTable } from '../../src/cli/keys.ts';

const NOW = Date.parse('2026-01-31T09:00:00Z');

describe('the table of keys', () => {
  it('says what each may, and how long it counts', () => {
    const key = {
      id: 'id-1',
      name: 'deploys',
      tenant: 'acme',
      roles: [{ role: 'OPERATOR', workflows: ['orders'], tags: ['eu'] }],
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
      lastUsedAt: '2026-01-30T00:00:00.000Z',
      revocation: null,
    };
    const viewer = [{ role: 'VIEWER', workflows: null, tags: null }];
    const table = keysTable(
      [
        key,
        { ...key, id: 'id-2', roles: viewer, expiresAt: '2026-02-01T00:00:00.000Z', lastUsedAt: null },
        { ...key, id: 'id-3', roles: viewer, expiresAt: '2026-01-31T09:00:00.000Z' },
        { ...key, id: 'id-4', roles: viewer, revocation: { at: '2026-01-02T00:00:00.000Z' } },
      ],
      NOW,
    );
    expect(table.split('\n')).toEqual([
      '  id    name     tenant  roles                   until                             last used',
      '  id-1  deploys  acme    operator (orders, #eu)  revoked                           2026-01-30T00:00:00.000Z',
      '  id-2  deploys  acme    viewer                  2026-02-01T00:00:00.000Z',
      '  id-3  deploys  acme    viewer                  expired 2026-01-31T09:00:00.000Z  2026-01-30T00:00:00.000Z',
      '  id-4  deploys  acme    viewer                  revoked 2026-01-02T00:00:00.000Z  2026-01-30T00:00:00.000Z',
    ]);
  });
});

describe('when a key is to expire', () => {
  it.each([
    ['90d', '2026-05-01T09:00:00.000Z'],
    ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00.000Z'],
  ])('may be said as %s', (text, time) => {
    expect(expiryOf(text, NOW)).toBe(time);
  });

  it('is refused when it is neither a time nor a duration', () => {
    expect(() => expiryOf('soon', NOW)).toThrow('Expected a duration or a time, but found "soon".');
  });
});
