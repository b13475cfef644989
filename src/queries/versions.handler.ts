import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { VersionDocument } from '../projections/versions.projection.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import { GetVersions } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with the versions of a workflow, the latest first. */
@QueryHandler(GetVersions)
export class GetVersionsHandler implements IQueryHandler<GetVersions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ workflow, page }: GetVersions): Promise<Page<StoredDocument<VersionDocument>>> {
    const list: ViewList<VersionDocument> = {
      view: 'versions',
      name: `versions:${workflow}`,
      where: [{ field: 'workflow', op: 'eq', value: workflow }],
      by: { field: 'number', direction: 'desc' },
    };
    return findPage(this.#views, list, page, undefined);
  }
}
