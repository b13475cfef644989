import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import { EVENT_LOG, VIEWS } from '../ports/tokens.ts';
import { eachOf, type EachOf } from './each-of.ts';
import { CountChildren, FindChildren } from './each-queries.ts';
import type { Found } from './executions/compare.ts';
import { countExecutions } from './executions/count.ts';
import { findExecutions } from './executions/find.ts';
import { byStart } from './executions/order.ts';
import type { ExecutionCount } from './executions/queries.ts';
import type { Page } from './page.ts';
import type { Views } from './views.ts';

/** Answers with pages of the children of executions. */
@QueryHandler(FindChildren)
export class FindChildrenHandler implements IQueryHandler<FindChildren> {
  readonly #views: Views;
  readonly #log: EventLog;

  constructor(@Inject(VIEWS) views: Views, @Inject(EVENT_LOG) log: EventLog) {
    this.#views = views;
    this.#log = log;
  }

  execute({ parents, page, waitFor, scope }: FindChildren): Promise<EachOf<Page<Found>>> {
    return eachOf(this.#views, parents, (views, parent) =>
      findExecutions(views, this.#log, { filter: { parent }, order: byStart('asc'), page, waitFor, scope }),
    );
  }
}

/** Answers with how many children executions have. */
@QueryHandler(CountChildren)
export class CountChildrenHandler implements IQueryHandler<CountChildren> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  execute({ parents, waitFor, scope }: CountChildren): Promise<EachOf<ExecutionCount>> {
    return eachOf(this.#views, parents, (views, parent) =>
      countExecutions(views, { filter: { parent }, waitFor, scope }),
    );
  }
}
