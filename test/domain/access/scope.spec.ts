import { describe, expect, it } from 'vitest';
import { covers, coversWorkflow, scopeOf } from '../../../src/domain/access/scope.ts';

const ACME = 'acme';

describe('where somebody has a role', () => {
  it('is nowhere without it', () => {
    expect(scopeOf({ tenant: ACME, grants: [{ role: 'viewer' }] }, 'operator')).toBeUndefined();
  });

  it('is where they have one that may more', () => {
    const grants = [{ role: 'admin', workflows: ['a'] }] as const;
    expect(scopeOf({ tenant: ACME, grants }, 'viewer')).toEqual({
      tenant: ACME,
      within: { workflows: ['a'], tags: [] },
    });
  });

  it('is everywhere when one of several is', () => {
    const grants = [{ role: 'operator', tags: ['eu'] }, { role: 'viewer' }] as const;
    expect(scopeOf({ tenant: ACME, grants }, 'viewer')?.within).toBeUndefined();
    expect(scopeOf({ tenant: ACME, grants }, 'operator')?.within).toEqual({ workflows: [], tags: ['eu'] });
  });
});

describe('an execution', () => {
  const scope = { tenant: ACME, within: { workflows: ['a'], tags: ['eu'] } };

  it.each([
    [{ tenant: ACME, workflow: 'a' }, true],
    [{ tenant: ACME, workflow: 'b', tags: ['us', 'eu'] }, true],
    [{ tenant: ACME, workflow: 'b', tags: ['us'] }, false],
    [{ tenant: ACME, workflow: 'b' }, false],
    [{ tenant: ACME }, false],
    [{ tenant: 'other', workflow: 'a', tags: ['eu'] }, false],
  ])('%j is within the scope of some: %j', (owned, isWithin) => {
    expect(covers(scope, owned)).toBe(isWithin);
  });

  it('of the tenant is within the scope of all of its', () => {
    expect(covers({ tenant: ACME, within: undefined }, { tenant: ACME })).toBe(true);
    expect(covers({ tenant: ACME, within: undefined }, { tenant: 'other' })).toBe(false);
    expect(covers(undefined, { tenant: 'other' })).toBe(true);
  });

  it('of another workflow leaves the workflow itself without', () => {
    expect(coversWorkflow(scope, 'a')).toBe(true);
    expect(coversWorkflow(scope, 'b')).toBe(false);
  });
});
