import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Condition, Scalar, StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import { FindExecutions, GetExecution, type ExecutionsFilter } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with one execution. */
@QueryHandler(GetExecution)
export class GetExecutionHandler implements IQueryHandler<GetExecution> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ id, waitFor }: GetExecution): Promise<StoredDocument<ExecutionDocument> | undefined> {
    await this.#views.reflect(waitFor, 'executions');
    return this.#views.get<ExecutionDocument>('executions', id);
  }
}

const equal = (field: keyof ExecutionDocument, value: Scalar | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ field, op: 'eq', value }];

const conditionsOf = (filter: ExecutionsFilter): readonly Condition[] => {
  const { status, startedFrom, startedBefore } = filter;
  return [
    ...equal('workflow', filter.workflow),
    ...equal('trigger', filter.trigger),
    ...equal('errorType', filter.errorType),
    ...equal('parent', filter.parent),
    ...(status === undefined ? [] : [{ field: 'status', op: 'in', values: status } as const]),
    ...(startedFrom === undefined ? [] : [{ field: 'startedAt', op: 'gte', value: startedFrom } as const]),
    ...(startedBefore === undefined ? [] : [{ field: 'startedAt', op: 'lt', value: startedBefore } as const]),
  ];
};

/** Answers with executions by the time that they were started. */
@QueryHandler(FindExecutions)
export class FindExecutionsHandler implements IQueryHandler<FindExecutions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute(query: FindExecutions): Promise<Page<StoredDocument<ExecutionDocument>>> {
    const { filter, direction, page, waitFor } = query;
    const list: ViewList<ExecutionDocument> = {
      view: 'executions',
      name: `executions:${direction}`,
      where: conditionsOf(filter),
      by: { field: 'startedAt', direction },
    };
    return findPage(this.#views, list, page, waitFor);
  }
}
