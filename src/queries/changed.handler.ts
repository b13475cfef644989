import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { EVENT_LOG, VIEWS } from '../ports/tokens.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import { GetTimelineEntries, PickExecutions } from './changed-queries.ts';
import type { Found } from './executions/compare.ts';
import { pickExecutions } from './executions/find.ts';
import type { Views } from './views.ts';

/** Answers with entries of timelines by their keys. */
@QueryHandler(GetTimelineEntries)
export class GetTimelineEntriesHandler implements IQueryHandler<GetTimelineEntries> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({
    keys,
    waitFor,
  }: GetTimelineEntries): Promise<ReadonlyMap<string, StoredDocument<TimelineDocument>>> {
    await this.#views.reflect(waitFor, 'timeline');
    return this.#views.load<TimelineDocument>('timeline', keys);
  }
}

/** Answers with those of some executions that meet a filter. */
@QueryHandler(PickExecutions)
export class PickExecutionsHandler implements IQueryHandler<PickExecutions> {
  readonly #views: Views;
  readonly #log: EventLog;

  constructor(@Inject(VIEWS) views: Views, @Inject(EVENT_LOG) log: EventLog) {
    this.#views = views;
    this.#log = log;
  }

  execute(query: PickExecutions): Promise<ReadonlyMap<string, Found>> {
    return pickExecutions(this.#views, this.#log, query);
  }
}
