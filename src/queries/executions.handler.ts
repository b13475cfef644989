import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { covers, type Scope } from '../domain/access/scope.ts';
import { comesTo } from '../ports/comes-to.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { EVENT_LOG, HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import type { Found } from './executions/compare.ts';
import { findExecutions } from './executions/find.ts';
import { FindExecutions } from './executions/queries.ts';
import { GetExecution, LoadExecutions } from './history-queries.ts';
import type { Page } from './page.ts';
import type { Views } from './views.ts';

/** Answers with one execution, as the view has it, or as it was, from the log alone. */
@QueryHandler(GetExecution)
export class GetExecutionHandler implements IQueryHandler<GetExecution> {
  readonly #views: Views;
  readonly #histories: Histories;
  readonly #log: EventLog;

  constructor(
    @Inject(VIEWS) views: Views,
    @Inject(HISTORIES) histories: Histories,
    @Inject(EVENT_LOG) log: EventLog,
  ) {
    this.#views = views;
    this.#histories = histories;
    this.#log = log;
  }

  async execute({
    id,
    waitFor,
    asOf,
    scope,
  }: GetExecution): Promise<StoredDocument<ExecutionDocument> | undefined> {
    await this.#views.reflect(waitFor, 'executions');
    if (asOf !== undefined) return this.#asOf(id, asOf, scope);
    const found = await this.#views.get<ExecutionDocument>('executions', id);
    return found !== undefined && covers(scope, found.doc) ? found : undefined;
  }

  async #asOf(
    id: string,
    asOf: AsOf,
    scope: Scope | undefined,
  ): Promise<StoredDocument<ExecutionDocument> | undefined> {
    if (!(await comesTo(this.#log, scope, id))) return undefined;
    const moment = await this.#histories.momentOf(id, asOf);
    return moment && (await this.#histories.pastOf(id, moment.revision)).execution;
  }
}

/** Answers with executions as the view has them. */
@QueryHandler(LoadExecutions)
export class LoadExecutionsHandler implements IQueryHandler<LoadExecutions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({
    ids,
    scope,
  }: LoadExecutions): Promise<ReadonlyMap<string, StoredDocument<ExecutionDocument>>> {
    const found = await this.#views.load<ExecutionDocument>('executions', ids);
    return new Map([...found].filter(([, { doc }]) => covers(scope, doc)));
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
