import type { EventLog } from '../../ports/event-log.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { PickExecutions } from '../changed-queries.ts';
import type { Page } from '../page.ts';
import type { ViewName, Views } from '../views.ts';
import { meetsAll, type Found } from './compare.ts';
import { conditionsOf, type ExecutionsFilter } from './filter.ts';
import { listInOrder } from './gather.ts';
import { listInGroups } from './grouped.ts';
import { indexedScope, keepInScope } from './in-scope.ts';
import { listIn } from './order.ts';
import { groupedPage, groupedSpotOf, sortedPage, sortedSpotOf } from './places.ts';
import type { FindExecutions } from './queries.ts';
import { keepSaid } from './said-in-log.ts';
import { withDefinition } from './version.ts';
import type { Keep } from './walk.ts';

/** The most executions that one answer looks at for those that are wanted; fewer when the log is read for each. */
const MOST = { inView: 1_000, inLog: 300 } as const;

const KEEP_ALL: Keep = (found) => Promise.resolve(found);

/** What a filter asks besides. */
const viewsOf = ({ version }: ExecutionsFilter): readonly ViewName[] =>
  version === undefined ? [] : ['versions', 'workflows'];

const prepare = async (
  views: Views,
  log: EventLog,
  { filter, waitFor, scope }: Pick<FindExecutions, 'filter' | 'waitFor' | 'scope'>,
) => {
  await views.reflect(waitFor, 'executions', ...viewsOf(filter));
  const said = keepSaid(filter, log);
  return {
    conditions: [...conditionsOf(await withDefinition(views, filter)), ...indexedScope(scope)],
    keep: keepInScope(scope, said ?? KEEP_ALL),
    budget: { left: said === undefined ? MOST.inView : MOST.inLog },
  };
};

/** A page of executions in an order. Rejects as the query does. */
export const findExecutions = async (
  views: Views,
  log: EventLog,
  query: Pick<FindExecutions, 'filter' | 'order' | 'page' | 'waitFor'> &
    Partial<Pick<FindExecutions, 'scope'>>,
): Promise<Page<Found>> => {
  const { order, page } = query;
  const { by, direction } = order;
  const list = listIn(order);
  const wanted = page.first + 1;
  // A cursor that is none is refused before anything is waited for.
  if (by === 'workflow' || by === 'status') {
    const from = page.after === undefined ? undefined : groupedSpotOf(list, page.after);
    const { conditions, keep, budget } = await prepare(views, log, { scope: undefined, ...query });
    const groups = { by, direction, from, wanted, keep };
    return groupedPage(await listInGroups(views, conditions, groups, budget), page.first, list, by);
  }
  const from = page.after === undefined ? undefined : sortedSpotOf(list, by, page.after);
  const { conditions, keep, budget } = await prepare(views, log, { scope: undefined, ...query });
  const sorted = { sort: { field: by, direction }, from, wanted, keep };
  return sortedPage(await listInOrder(views, conditions, sorted, budget), page.first, list, by);
};

/** Those of some executions that meet a filter. Rejects as the query does. */
export const pickExecutions = async (
  views: Views,
  log: EventLog,
  { ids, filter, waitFor, scope }: Pick<PickExecutions, 'ids' | 'filter' | 'waitFor' | 'scope'>,
): Promise<ReadonlyMap<string, Found>> => {
  const { conditions, keep } = await prepare(views, log, { filter, waitFor, scope });
  const found = [...(await views.load<ExecutionDocument>('executions', ids)).values()];
  const kept = await keep(found.filter((one) => meetsAll(one, conditions)));
  return new Map(kept.map((one) => [one.key, one]));
};
