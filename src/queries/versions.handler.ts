import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { VersionDocument } from '../projections/versions.projection.ts';
import { pageOf, placeOf, type Page } from './page.ts';
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
    const list = `versions:${workflow}`;
    const after = page.after === undefined ? {} : { after: placeOf(list, page.after, 1) };
    const found = await this.#views.find<VersionDocument>('versions', {
      where: [{ field: 'workflow', op: 'eq', value: workflow }],
      orderBy: [{ field: 'number', direction: 'desc' }],
      limit: page.first + 1,
      ...after,
    });
    return pageOf(found, page.first, list, ({ key, doc }) => ({ values: [doc.number], key }));
  }
}
