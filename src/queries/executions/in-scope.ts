import { HOME } from '../../domain/access/grant.ts';
import { covers, type Scope } from '../../domain/access/scope.ts';
import type { Condition } from '../../ports/read-models.ts';
import { tagCondition } from './attributes.ts';
import type { Found } from './compare.ts';
import type { Keep } from './walk.ts';

/** What of a scope an index has; not that of the tenant that nearly all is of: those are met on the way. */
export const indexedScope = (scope: Scope | undefined): readonly Condition[] => {
  if (scope === undefined) return [];
  const { tenant, within } = scope;
  const [tag, ...tags] = within?.tags ?? [];
  return [
    ...(tenant === HOME ? [] : [{ field: 'tenant', op: 'eq', value: tenant } as const]),
    ...(within === undefined || tag !== undefined
      ? []
      : [{ field: 'workflow', op: 'in', values: within.workflows } as const]),
    ...(within?.workflows.length === 0 && tag !== undefined && tags.length === 0 ? [tagCondition(tag)] : []),
  ];
};

/** Those of some executions that are within a scope. */
export const inScope = (scope: Scope | undefined, found: readonly Found[]): readonly Found[] =>
  scope === undefined ? found : found.filter(({ doc }) => covers(scope, doc));

/** Keeps those of what is kept that are within a scope. */
export const keepInScope =
  (scope: Scope | undefined, keep: Keep): Keep =>
  (found) =>
    keep(inScope(scope, found));
