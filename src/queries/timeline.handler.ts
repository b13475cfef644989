import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import { HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import { timelineAsOf } from './as-of/timeline-as-of.ts';
import { findPage, type ViewList } from './find-page.ts';
import { GetTimeline } from './history-queries.ts';
import { executionNotFound } from './not-found.ts';
import type { Page, PageRequest } from './page.ts';
import type { Views } from './views.ts';

/** Answers with the entries of an execution's timeline in their order, as they are or were. */
@QueryHandler(GetTimeline)
export class GetTimelineHandler implements IQueryHandler<GetTimeline> {
  readonly #views: Views;
  readonly #histories: Histories;

  constructor(@Inject(VIEWS) views: Views, @Inject(HISTORIES) histories: Histories) {
    this.#views = views;
    this.#histories = histories;
  }

  async execute({
    executionId,
    page,
    waitFor,
    asOf,
  }: GetTimeline): Promise<Page<StoredDocument<TimelineDocument>>> {
    const list: ViewList<TimelineDocument> = {
      view: 'timeline',
      name: `timeline:${executionId}`,
      where: [{ field: 'executionId', op: 'eq', value: executionId }],
      by: { field: 'sequence', direction: 'asc' },
    };
    if (asOf !== undefined) {
      await this.#views.reflect(waitFor, 'timeline');
      return this.#asOf(executionId, page, asOf);
    }
    const found = await findPage(this.#views, list, page, waitFor);
    // The first entry is the execution itself, so a timeline without entries is none.
    if (found.items.length === 0 && page.after === undefined)
      throw executionNotFound('executionId', executionId);
    return found;
  }

  async #asOf(id: string, page: PageRequest, asOf: AsOf): Promise<Page<StoredDocument<TimelineDocument>>> {
    const moment = await this.#histories.momentOf(id, asOf);
    if (moment === undefined) throw executionNotFound('executionId', id);
    return timelineAsOf(this.#views, this.#histories, id, moment, page);
  }
}
