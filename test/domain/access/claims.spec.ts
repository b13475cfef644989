import { describe, expect, it } from 'vitest';
import { accessIn, CLAIM_NAMES, userIn } from '../../../src/domain/access/claims.ts';

describe('the claims of a token', () => {
  it('grant the roles that they name, in the tenant that they name', () => {
    expect(accessIn({ roles: ['viewer', 'operator'], tenant: 'acme' })).toEqual({
      tenant: 'acme',
      grants: [{ role: 'viewer' }, { role: 'operator' }],
    });
    expect(accessIn({ roles: 'viewer author' })?.grants).toEqual([{ role: 'viewer' }, { role: 'author' }]);
  });

  it('grant nothing when they name no role', () => {
    for (const claims of [
      {},
      { roles: [] },
      { roles: ['root'] },
      { roles: 7 },
      { roles: [{ role: 'root' }] },
    ])
      expect(accessIn(claims)).toEqual({ tenant: 'default', grants: [] });
  });

  it('limit roles to workflows and tags, those of a role before those of the token', () => {
    const claims = {
      roles: ['viewer', { role: 'operator', workflows: ['refunds'] }],
      workflows: 'orders,refunds',
      tags: ['eu'],
    };
    expect(accessIn(claims)?.grants).toEqual([
      { role: 'viewer', workflows: ['orders', 'refunds'], tags: ['eu'] },
      { role: 'operator', workflows: ['refunds'], tags: ['eu'] },
    ]);
  });

  it('leave nothing by a limit that cannot be read', () => {
    expect(accessIn({ roles: ['viewer'], workflows: 7 })?.grants).toEqual([
      { role: 'viewer', workflows: [] },
    ]);
    expect(accessIn({ roles: ['viewer'], tags: null })?.grants).toEqual([{ role: 'viewer', tags: [] }]);
  });

  it('are looked for where the names lead', () => {
    const names = { ...CLAIM_NAMES, roles: 'realm.roles', tenant: 'https://example.org/tenant' };
    const claims = { realm: { roles: ['admin'] }, 'https://example.org/tenant': 'acme' };
    expect(accessIn(claims, names)).toEqual({ tenant: 'acme', grants: [{ role: 'admin' }] });
    expect(accessIn({ realm: ['admin'] }, names)?.grants).toEqual([]);
  });

  it.each(['', 'a/b', '-a', 7, ['acme'], 'x'.repeat(64)])('name no tenant by %j', (tenant) => {
    expect(accessIn({ roles: ['admin'], tenant })).toBeUndefined();
  });

  it('say who it is by what says it best', () => {
    expect(userIn({ sub: '7', email: 'ann@example.org' })).toBe('ann@example.org');
    expect(userIn({ sub: '7', email: '' })).toBe('7');
    expect(userIn({ sub: 7 })).toBeUndefined();
  });
});
