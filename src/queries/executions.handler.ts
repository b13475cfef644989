import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { EVENT_LOG, HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import type { Found } from './executions/compare.ts';
import { conditionsOf, type ExecutionsFilter } from './executions/filter.ts';
import { listInOrder } from './executions/gather.ts';
import { listInGroups } from './executions/grouped.ts';
import { listIn } from './executions/order.ts';
import { groupedPage, groupedSpotOf, sortedPage, sortedSpotOf } from './executions/places.ts';
import { FindExecutions } from './executions/queries.ts';
import { keepSaid } from './executions/said-in-log.ts';
import type { Keep } from './executions/walk.ts';
import { withDefinition } from './executions/version.ts';
import { GetExecution } from './history-queries.ts';
import type { Page } from './page.ts';
import type { WaitFor } from './queries.ts';
import type { ViewName, Views } from './views.ts';

/** Answers with one execution, as the view has it, or as it was, from the log alone. */
@QueryHandler(GetExecution)
export class GetExecutionHandler implements IQueryHandler<GetExecution> {
  readonly #views: Views;
  readonly #histories: Histories;

  constructor(@Inject(VIEWS) views: Views, @Inject(HISTORIES) histories: Histories) {
    this.#views = views;
    this.#histories = histories;
  }

  async execute({ id, waitFor, asOf }: GetExecution): Promise<StoredDocument<ExecutionDocument> | undefined> {
    await this.#views.reflect(waitFor, 'executions');
    return asOf === undefined ? this.#views.get<ExecutionDocument>('executions', id) : this.#asOf(id, asOf);
  }

  async #asOf(id: string, asOf: AsOf): Promise<StoredDocument<ExecutionDocument> | undefined> {
    const moment = await this.#histories.momentOf(id, asOf);
    return moment && (await this.#histories.pastOf(id, moment.revision)).execution;
  }
}

/** The most executions that one answer looks at for those that are wanted; fewer when the log is read for each. */
const MOST = { inView: 1_000, inLog: 300 } as const;

/** Answers with executions in an order. */
@QueryHandler(FindExecutions)
export class FindExecutionsHandler implements IQueryHandler<FindExecutions> {
  readonly #views: Views;
  readonly #log: EventLog;

  constructor(@Inject(VIEWS) views: Views, @Inject(EVENT_LOG) log: EventLog) {
    this.#views = views;
    this.#log = log;
  }

  async execute(query: FindExecutions): Promise<Page<Found>> {
    const { filter, order, page, waitFor } = query;
    const { by, direction } = order;
    const list = listIn(order);
    const wanted = page.first + 1;
    // A cursor that is none is refused before anything is waited for.
    if (by === 'workflow' || by === 'status') {
      const from = page.after === undefined ? undefined : groupedSpotOf(list, page.after);
      const { conditions, keep, budget } = await this.#prepare(filter, waitFor);
      const groups = { by, direction, from, wanted, keep };
      return groupedPage(await listInGroups(this.#views, conditions, groups, budget), page.first, list, by);
    }
    const from = page.after === undefined ? undefined : sortedSpotOf(list, by, page.after);
    const { conditions, keep, budget } = await this.#prepare(filter, waitFor);
    const sorted = { sort: { field: by, direction }, from, wanted, keep };
    return sortedPage(await listInOrder(this.#views, conditions, sorted, budget), page.first, list, by);
  }

  async #prepare(filter: ExecutionsFilter, waitFor: WaitFor) {
    await this.#views.reflect(waitFor, 'executions', ...viewsOf(filter));
    const said = keepSaid(filter, this.#log);
    return {
      conditions: conditionsOf(await withDefinition(this.#views, filter)),
      keep: said ?? KEEP_ALL,
      budget: { left: said === undefined ? MOST.inView : MOST.inLog },
    };
  }
}

const KEEP_ALL: Keep = (found) => Promise.resolve(found);

/** What a filter asks besides. */
const viewsOf = ({ version }: ExecutionsFilter): readonly ViewName[] =>
  version === undefined ? [] : ['versions'];
