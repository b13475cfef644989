import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import { comesTo } from '../ports/comes-to.ts';
import type { EventLog } from '../ports/event-log.ts';
import { EVENT_LOG, HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { Histories } from './as-of/histories.ts';
import { logMomentOf, type Moment } from './as-of/moment.ts';
import { timelineAsOf } from './as-of/timeline-as-of.ts';
import { eachOf, type EachOf } from './each-of.ts';
import { FindTimelines } from './each-queries.ts';
import { findPage } from './find-page.ts';
import type { TimelinePage } from './history-queries.ts';
import { timelineOf } from './timeline-of.ts';
import type { Views } from './views.ts';

const NOTHING: TimelinePage = { items: [], hasNextPage: false };

const latestOf = (moments: EachOf<Moment | undefined>): bigint | undefined =>
  [...moments.values()].reduce<bigint | undefined>((latest, moment) => {
    if (moment === undefined || moment instanceof Rejection) return latest;
    return latest === undefined || moment.position > latest ? moment.position : latest;
  }, undefined);

/** Answers with pages of the timelines of executions, as they are or were. */
@QueryHandler(FindTimelines)
export class FindTimelinesHandler implements IQueryHandler<FindTimelines> {
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

  execute(query: FindTimelines): Promise<EachOf<TimelinePage>> {
    return query.asOf === undefined ? this.#asTheyAre(query) : this.#asOf(query, query.asOf);
  }

  #asTheyAre({ executions, page, waitFor, scope }: FindTimelines): Promise<EachOf<TimelinePage>> {
    return eachOf(this.#views, executions, async (views, id) => {
      const found = await findPage(views, timelineOf(id), page, waitFor);
      // Behind the look, which is made for all of them at the same time.
      return (await comesTo(this.#log, scope, id)) ? found : NOTHING;
    });
  }

  async #asOf(
    { executions, page, waitFor, scope }: FindTimelines,
    asOf: AsOf,
  ): Promise<EachOf<TimelinePage>> {
    await this.#views.reflect(waitFor, 'timeline');
    const moments = await eachOf(this.#views, executions, async (_, id) =>
      (await comesTo(this.#log, scope, id)) ? this.#histories.momentOf(id, asOf) : undefined,
    );
    // The log tells of one sooner than of another: what is looked for behind that is looked for at the same time.
    await this.#views.reflect(latestOf(moments), 'timeline');
    return eachOf(this.#views, executions, async (views, id) => {
      const moment = moments.get(id);
      if (moment instanceof Rejection) throw moment;
      if (moment === undefined) return NOTHING;
      const found = await timelineAsOf(views, this.#histories, id, moment, page);
      return { ...found, asOf: logMomentOf(asOf, moment) };
    });
  }
}
