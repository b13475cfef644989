import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { WorkflowDocument } from '../projections/workflows.projection.ts';
import { pageOf, placeOf, type Page } from './page.ts';
import { GetWorkflow, GetWorkflows } from './queries.ts';
import type { Views } from './views.ts';

const LIST = 'workflows';

/** Answers with workflows in the order of their names. */
@QueryHandler(GetWorkflows)
export class GetWorkflowsHandler implements IQueryHandler<GetWorkflows> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ page, waitFor }: GetWorkflows): Promise<Page<StoredDocument<WorkflowDocument>>> {
    const after = page.after === undefined ? {} : { after: placeOf(LIST, page.after, 0) };
    await this.#views.reflect(waitFor, 'workflows', 'versions');
    const found = await this.#views.find<WorkflowDocument>('workflows', { ...after, limit: page.first + 1 });
    return pageOf(found, page.first, LIST, ({ key }) => ({ values: [], key }));
  }
}

/** Answers with one workflow. */
@QueryHandler(GetWorkflow)
export class GetWorkflowHandler implements IQueryHandler<GetWorkflow> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ name, waitFor }: GetWorkflow): Promise<StoredDocument<WorkflowDocument> | undefined> {
    await this.#views.reflect(waitFor, 'workflows', 'versions');
    return this.#views.get<WorkflowDocument>('workflows', name);
  }
}
