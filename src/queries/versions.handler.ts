import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { VersionDocument } from '../projections/versions.projection.ts';
import { eachOf, type EachOf } from './each-of.ts';
import { GetVersions } from './each-queries.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import type { Views } from './views.ts';

const versionsOf = (workflow: string): ViewList<VersionDocument> => ({
  view: 'versions',
  name: `versions:${workflow}`,
  where: [{ field: 'workflow', op: 'eq', value: workflow }],
  by: { field: 'number', direction: 'desc' },
});

/** Answers with the versions of workflows, the latest first. */
@QueryHandler(GetVersions)
export class GetVersionsHandler implements IQueryHandler<GetVersions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  execute({ workflows, page }: GetVersions): Promise<EachOf<Page<StoredDocument<VersionDocument>>>> {
    return eachOf(this.#views, workflows, (views, workflow) =>
      findPage(views, versionsOf(workflow), page, undefined),
    );
  }
}
