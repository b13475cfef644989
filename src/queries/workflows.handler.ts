import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { WorkflowDocument } from '../projections/workflows.projection.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import { GetWorkflow, GetWorkflows } from './queries.ts';
import type { Views } from './views.ts';

const WORKFLOWS: ViewList<WorkflowDocument> = {
  view: 'workflows',
  name: 'workflows',
  reflected: ['workflows', 'versions'],
};

/** Answers with workflows in the order of their names. */
@QueryHandler(GetWorkflows)
export class GetWorkflowsHandler implements IQueryHandler<GetWorkflows> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ page, waitFor, scope }: GetWorkflows): Promise<Page<StoredDocument<WorkflowDocument>>> {
    const names = scope?.within?.workflows;
    const where = names === undefined ? [] : [{ field: 'workflow', op: 'in', values: names } as const];
    return findPage(this.#views, { ...WORKFLOWS, where }, page, waitFor);
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
