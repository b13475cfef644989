import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import { findPage, type ViewList } from './find-page.ts';
import { executionNotFound } from './not-found.ts';
import type { Page } from './page.ts';
import { GetTimeline } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with the entries of an execution's timeline in their order. */
@QueryHandler(GetTimeline)
export class GetTimelineHandler implements IQueryHandler<GetTimeline> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({
    executionId,
    page,
    waitFor,
  }: GetTimeline): Promise<Page<StoredDocument<TimelineDocument>>> {
    const list: ViewList<TimelineDocument> = {
      view: 'timeline',
      name: `timeline:${executionId}`,
      where: [{ field: 'executionId', op: 'eq', value: executionId }],
      by: { field: 'sequence', direction: 'asc' },
    };
    const found = await findPage(this.#views, list, page, waitFor);
    // The first entry is the execution itself, so a timeline without entries is none.
    if (found.items.length === 0 && page.after === undefined)
      throw executionNotFound('executionId', executionId);
    return found;
  }
}
