import type { Scope } from '../domain/access/scope.ts';
import type { Condition } from '../ports/read-models.ts';

/** What documents meet that have a tenant and a workflow and are within a scope; what has no tags is not within by one. */
export const scopeConditions = (scope: Scope | undefined): readonly Condition[] => {
  if (scope === undefined) return [];
  const { tenant, within } = scope;
  return [
    { field: 'tenant', op: 'eq', value: tenant },
    ...(within === undefined ? [] : [{ field: 'workflow', op: 'in', values: within.workflows } as const]),
  ];
};
