import { HOME, type Access, type Role } from '../../domain/access/grant.ts';
import { coversWorkflow, scopeOf, type Scope } from '../../domain/access/scope.ts';
import { apiError } from '../errors/api-error.ts';

/** What somebody needs for a field of the API, or for a route beside it. */
export interface Need {
  readonly role: Role;
  /**
   * Where: `some` is wherever somebody has the role, and whoever answers keeps to that; `all` is all of a tenant's
   * executions; `workflow` is the one that is named, all where none is.
   */
  readonly on: 'some' | 'all' | 'workflow';
  /** What is asked for is the server's own, or of all tenants together: it needs the role in the tenant of the server. */
  readonly ofServer?: true;
}

const withheld = ({ role, ofServer }: Need, where: string, details: { readonly workflow?: string }) =>
  apiError(
    'FORBIDDEN',
    `Expected somebody who is ${role} ${where}${ofServer === true ? ' of the server itself' : ''}, but you are not.`,
    { needs: { role, ...details, ...(ofServer === true ? { tenant: HOME } : {}) } },
  );

/** Where somebody may what they ask for. Throws `FORBIDDEN` with what is needed when that is nowhere. */
export const allow = (access: Access, need: Need, workflow?: string | null): Scope => {
  const scope = scopeOf(access, need.role);
  if (need.on === 'workflow' && workflow != null) {
    const isThere = scope !== undefined && coversWorkflow(scope, workflow);
    if (!isThere || (need.ofServer === true && scope.tenant !== HOME))
      throw withheld(need, `for the workflow "${workflow}"`, { workflow });
    return scope;
  }
  const where = need.on === 'some' ? 'for some workflow or tag' : 'for all workflows';
  if (scope === undefined || (need.ofServer === true && scope.tenant !== HOME))
    throw withheld(need, where, {});
  if (need.on !== 'some' && scope.within !== undefined) throw withheld(need, where, {});
  return scope;
};
