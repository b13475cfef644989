import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ActiveDocument } from '../../projections/active.projection.ts';
import type { Views } from '../views.ts';
import { conditionsOf, type ExecutionsFilter } from './filter.ts';
import { gatherFew } from './gather.ts';
import type { CountExecutions, ExecutionCount } from './queries.ts';
import { withDefinition } from './version.ts';

const STATUSES: readonly ExecutionStatus[] = [
  'queued',
  'running',
  'compensating',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'compensated',
];

const counted = (
  counters: readonly StoredDocument<ActiveDocument>[],
  statuses: readonly ExecutionStatus[] = STATUSES,
): number =>
  counters.reduce(
    (total, { doc }) => [...new Set(statuses)].reduce((sum, status) => sum + doc[status], total),
    0,
  );

const isWanted = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

const countersOf = async (
  views: Views,
  workflow: string | undefined,
): Promise<readonly StoredDocument<ActiveDocument>[]> => {
  if (workflow === undefined) return views.all<ActiveDocument>('active', {});
  const found = await views.get<ActiveDocument>('active', workflow);
  return found === undefined ? [] : [found];
};

const fewOf = async (views: Views, filter: ExecutionsFilter): Promise<number | undefined> => {
  if (filter.errorText !== undefined || filter.triggeredByUser !== undefined) return undefined;
  const found = await gatherFew(views, conditionsOf(await withDefinition(views, filter)));
  return found?.length;
};

/** How many executions meet a filter; they are never counted one by one. */
export const countExecutions = async (
  views: Views,
  { filter, waitFor }: Pick<CountExecutions, 'filter' | 'waitFor'>,
): Promise<ExecutionCount> => {
  await views.reflect(waitFor, 'executions', 'active', 'versions');
  const { workflow, status, ...others } = filter;
  const count = counted(await countersOf(views, workflow), status);
  if (!Object.entries(others).some(isWanted)) return { count, isExact: true };
  const few = await fewOf(views, filter);
  return few === undefined ? { count, isExact: false } : { count: few, isExact: true };
};
