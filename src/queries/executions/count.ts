import type { Scope } from '../../domain/access/scope.ts';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ActiveDocument } from '../../projections/active.projection.ts';
import { scopeConditions } from '../scope-conditions.ts';
import type { Views } from '../views.ts';
import { conditionsOf, type ExecutionsFilter } from './filter.ts';
import { gatherFew } from './gather.ts';
import { indexedScope, inScope } from './in-scope.ts';
import type { CountExecutions, ExecutionCount } from './queries.ts';
import { STATUSES } from './statuses.ts';
import { withDefinition } from './version.ts';

const counted = (
  counters: readonly StoredDocument<ActiveDocument>[],
  statuses: readonly ExecutionStatus[] = STATUSES,
): number =>
  counters.reduce(
    (total, { doc }) => [...new Set(statuses)].reduce((sum, status) => sum + doc[status], total),
    0,
  );

const isWanted = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

/** The counters of a tenant's executions, of the workflows that somebody may come to where no tags say so. */
const countersOf = (
  views: Views,
  workflow: string | undefined,
  scope: Scope | undefined,
): Promise<readonly StoredDocument<ActiveDocument>[]> => {
  const within = scope?.within?.tags.length === 0 ? scope : scope && { ...scope, within: undefined };
  return views.all<ActiveDocument>('active', {
    where: [
      ...(workflow === undefined ? [] : [{ field: 'workflow', op: 'eq', value: workflow } as const]),
      ...scopeConditions(within),
    ],
  });
};

const fewOf = async (
  views: Views,
  filter: ExecutionsFilter,
  scope: Scope | undefined,
): Promise<number | undefined> => {
  if (filter.errorText !== undefined || filter.triggeredByUser !== undefined) return undefined;
  const conditions = [...conditionsOf(await withDefinition(views, filter)), ...indexedScope(scope)];
  const found = await gatherFew(views, conditions);
  return found && inScope(scope, found).length;
};

/** How many executions meet a filter; they are never counted one by one. */
export const countExecutions = async (
  views: Views,
  {
    filter,
    waitFor,
    scope,
  }: Pick<CountExecutions, 'filter' | 'waitFor'> & Partial<Pick<CountExecutions, 'scope'>>,
): Promise<ExecutionCount> => {
  await views.reflect(waitFor, 'executions', 'active', 'versions', 'workflows');
  const { workflow, status, ...others } = filter;
  const count = counted(await countersOf(views, workflow, scope), status);
  const isByTags = (scope?.within?.tags.length ?? 0) > 0;
  if (!isByTags && !Object.entries(others).some(isWanted)) return { count, isExact: true };
  const few = await fewOf(views, filter, scope);
  return few === undefined ? { count, isExact: false } : { count: few, isExact: true };
};
