import type { EventLog } from '../../ports/event-log.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { PickExecutions } from '../changed-queries.ts';
import type { Page } from '../page.ts';
import type { WaitFor } from '../queries.ts';
import type { ViewName, Views } from '../views.ts';
import { meetsAll, type Found } from './compare.ts';
import { conditionsOf, type ExecutionsFilter } from './filter.ts';
import { listInOrder } from './gather.ts';
import { listInGroups } from './grouped.ts';
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
  version === undefined ? [] : ['versions'];

const prepare = async (views: Views, log: EventLog, filter: ExecutionsFilter, waitFor: WaitFor) => {
  await views.reflect(waitFor, 'executions', ...viewsOf(filter));
  const said = keepSaid(filter, log);
  return {
    conditions: conditionsOf(await withDefinition(views, filter)),
    keep: said ?? KEEP_ALL,
    budget: { left: said === undefined ? MOST.inView : MOST.inLog },
  };
};

/** A page of executions in an order. Rejects as the query does. */
export const findExecutions = async (
  views: Views,
  log: EventLog,
  { filter, order, page, waitFor }: Pick<FindExecutions, 'filter' | 'order' | 'page' | 'waitFor'>,
): Promise<Page<Found>> => {
  const { by, direction } = order;
  const list = listIn(order);
  const wanted = page.first + 1;
  // A cursor that is none is refused before anything is waited for.
  if (by === 'workflow' || by === 'status') {
    const from = page.after === undefined ? undefined : groupedSpotOf(list, page.after);
    const { conditions, keep, budget } = await prepare(views, log, filter, waitFor);
    const groups = { by, direction, from, wanted, keep };
    return groupedPage(await listInGroups(views, conditions, groups, budget), page.first, list, by);
  }
  const from = page.after === undefined ? undefined : sortedSpotOf(list, by, page.after);
  const { conditions, keep, budget } = await prepare(views, log, filter, waitFor);
  const sorted = { sort: { field: by, direction }, from, wanted, keep };
  return sortedPage(await listInOrder(views, conditions, sorted, budget), page.first, list, by);
};

/** Those of some executions that meet a filter. Rejects as the query does. */
export const pickExecutions = async (
  views: Views,
  log: EventLog,
  { ids, filter, waitFor }: Pick<PickExecutions, 'ids' | 'filter' | 'waitFor'>,
): Promise<ReadonlyMap<string, Found>> => {
  const { conditions, keep } = await prepare(views, log, filter, waitFor);
  const found = [...(await views.load<ExecutionDocument>('executions', ids)).values()];
  const kept = await keep(found.filter((one) => meetsAll(one, conditions)));
  return new Map(kept.map((one) => [one.key, one]));
};
