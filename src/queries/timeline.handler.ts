import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { comesTo } from '../ports/comes-to.ts';
import type { EventLog } from '../ports/event-log.ts';
import { EVENT_LOG, HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import { logMomentOf } from './as-of/moment.ts';
import { timelineAsOf } from './as-of/timeline-as-of.ts';
import { findPage } from './find-page.ts';
import { GetTimeline, type TimelinePage } from './history-queries.ts';
import { executionNotFound } from './not-found.ts';
import type { PageRequest } from './page.ts';
import { timelineOf } from './timeline-of.ts';
import type { Views } from './views.ts';

/** Answers with the entries of an execution's timeline in their order, as they are or were. */
@QueryHandler(GetTimeline)
export class GetTimelineHandler implements IQueryHandler<GetTimeline> {
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

  async execute({ executionId, page, waitFor, asOf, scope }: GetTimeline): Promise<TimelinePage> {
    if (asOf !== undefined) {
      await this.#views.reflect(waitFor, 'timeline');
      if (!(await comesTo(this.#log, scope, executionId)))
        throw executionNotFound('executionId', executionId);
      return this.#asOf(executionId, page, asOf);
    }
    const all = await findPage(this.#views, timelineOf(executionId), page, waitFor);
    const isThere = await comesTo(this.#log, scope, executionId);
    const found = isThere ? all : { items: [], hasNextPage: false };
    // The first entry is the execution itself, so a timeline without entries is none.
    if (found.items.length === 0 && page.after === undefined)
      throw executionNotFound('executionId', executionId);
    return found;
  }

  async #asOf(id: string, page: PageRequest, asOf: AsOf): Promise<TimelinePage> {
    const moment = await this.#histories.momentOf(id, asOf);
    if (moment === undefined) throw executionNotFound('executionId', id);
    const found = await timelineAsOf(this.#views, this.#histories, id, moment, page);
    return { ...found, asOf: logMomentOf(asOf, moment) };
  }
}
