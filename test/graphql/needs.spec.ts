import { describe, expect, it } from 'vitest';
import type { Grant } from '../../src/domain/access/grant.ts';
import { allow, type Need } from '../../src/graphql/access/needs.ts';

const VIEW_ALL: Need = { role: 'viewer', on: 'all' };
const OPERATE: Need = { role: 'operator', on: 'workflow' };
const SERVE: Need = { role: 'author', on: 'workflow', ofServer: true };

const refusal = (grants: readonly Grant[], need: Need, workflow?: string, tenant = 'default'): unknown => {
  try {
    return allow({ tenant, grants }, need, workflow);
  } catch (error) {
    return (error as { extensions: object }).extensions;
  }
};

describe('what somebody needs', () => {
  it('is the role or one that may more', () => {
    expect(allow({ tenant: 'acme', grants: [{ role: 'admin' }] }, VIEW_ALL)).toEqual({
      tenant: 'acme',
      within: undefined,
    });
    expect(refusal([{ role: 'viewer' }], { role: 'operator', on: 'some' })).toEqual({
      code: 'FORBIDDEN',
      needs: { role: 'operator' },
    });
  });

  it('is told when it is more than they have', () => {
    expect(() => allow({ tenant: 'acme', grants: [] }, VIEW_ALL)).toThrow(
      'Expected somebody who is viewer for all workflows, but you are not.',
    );
    expect(refusal([{ role: 'operator', workflows: ['a'] }], OPERATE, 'b')).toEqual({
      code: 'FORBIDDEN',
      needs: { role: 'operator', workflow: 'b' },
    });
  });

  it('is the role for the workflow that is named, and for all where none is', () => {
    const grants = [{ role: 'operator', workflows: ['a'] }] as const;
    expect(allow({ tenant: 'acme', grants }, OPERATE, 'a')).toMatchObject({ tenant: 'acme' });
    expect(refusal(grants, OPERATE)).toMatchObject({ code: 'FORBIDDEN' });
    expect(refusal(grants, VIEW_ALL)).toMatchObject({ code: 'FORBIDDEN' });
    expect(refusal(grants, { ...VIEW_ALL, on: 'some' })).toMatchObject({ tenant: 'default' });
  });

  it('is to be of the server where it is the server’s own', () => {
    const grants = [{ role: 'admin' }] as const;
    expect(refusal(grants, SERVE, 'a')).toMatchObject({ tenant: 'default' });
    for (const workflow of ['a', undefined])
      expect(refusal(grants, SERVE, workflow, 'acme')).toMatchObject({
        code: 'FORBIDDEN',
        needs: { role: 'author', tenant: 'default' },
      });
  });
});
