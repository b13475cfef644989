import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { TimelineDocument } from '../projections/timeline-entry.ts';
import { executionNotFound } from './not-found.ts';
import { pageOf, placeOf, type Page } from './page.ts';
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
    const list = `timeline:${executionId}`;
    const after = page.after === undefined ? {} : { after: placeOf(list, page.after, 1) };
    await this.#views.reflect(waitFor, 'timeline');
    const found = await this.#views.find<TimelineDocument>('timeline', {
      where: [{ field: 'executionId', op: 'eq', value: executionId }],
      orderBy: [{ field: 'sequence', direction: 'asc' }],
      limit: page.first + 1,
      ...after,
    });
    // The first entry is the execution itself, so a timeline without entries is none.
    if (found.length === 0 && page.after === undefined) throw executionNotFound('executionId', executionId);
    return pageOf(found, page.first, list, ({ key, doc }) => ({ values: [doc.sequence], key }));
  }
}
