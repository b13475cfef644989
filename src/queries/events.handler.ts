import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RecordedEvent } from '../domain/event.ts';
import { streamOf } from '../domain/stream.ts';
import { comesTo } from '../ports/comes-to.ts';
import type { EventLog } from '../ports/event-log.ts';
import { EVENT_LOG, VIEWS } from '../ports/tokens.ts';
import { executionNotFound } from './not-found.ts';
import { pageOf, placeOf, type Page } from './page.ts';
import { GetEvents } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with an execution's events as they stand in the log. */
@QueryHandler(GetEvents)
export class GetEventsHandler implements IQueryHandler<GetEvents> {
  readonly #log: EventLog;
  readonly #views: Views;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(VIEWS) views: Views) {
    this.#log = log;
    this.#views = views;
  }

  async execute({ executionId, page, waitFor, scope }: GetEvents): Promise<Page<RecordedEvent>> {
    const list = `events:${executionId}`;
    const from = page.after === undefined ? 0 : Number(placeOf(list, page.after, 1).values[0]) + 1;
    // What is in the log is there at once; only a position that it has not reached is waited for.
    if (waitFor !== undefined && (await this.#log.end()) < waitFor) {
      await this.#views.reflect(waitFor, 'timeline');
    }
    const stream = streamOf('execution', executionId);
    const isThere = await comesTo(this.#log, scope, executionId);
    const found = isThere ? await this.#log.read(stream, { from, limit: page.first + 1 }) : [];
    if (found.length === 0 && from === 0) throw executionNotFound('executionId', executionId);
    return pageOf(found, page.first, list, ({ id, revision }) => ({ values: [revision], key: id }));
  }
}
