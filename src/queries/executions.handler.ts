import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { EVENT_LOG, HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import type { Found } from './executions/compare.ts';
import { findExecutions } from './executions/find.ts';
import { FindExecutions } from './executions/queries.ts';
import { GetExecution } from './history-queries.ts';
import type { Page } from './page.ts';
import type { Views } from './views.ts';

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

/** Answers with executions in an order. */
@QueryHandler(FindExecutions)
export class FindExecutionsHandler implements IQueryHandler<FindExecutions> {
  readonly #views: Views;
  readonly #log: EventLog;

  constructor(@Inject(VIEWS) views: Views, @Inject(EVENT_LOG) log: EventLog) {
    this.#views = views;
    this.#log = log;
  }

  execute(query: FindExecutions): Promise<Page<Found>> {
    return findExecutions(this.#views, this.#log, query);
  }
}
