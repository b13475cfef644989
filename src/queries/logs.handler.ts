import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { covers, type Scope } from '../domain/access/scope.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { DocumentQuery, StoredDocument } from '../ports/read-models.ts';
import { EVENT_LOG, VIEWS } from '../ports/tokens.ts';
import { rowsOf, type LogRow } from '../projections/log-row.ts';
import type { LogDocument } from '../projections/logs.projection.ts';
import { conditionsOf, wantsRow, type LogsFilter } from './logs-filter.ts';
import { pageOf, placeOf, type Page, type Place } from './page.ts';
import { FindLogs } from './queries.ts';
import { runsOf } from './runs-of.ts';
import { scopeConditions } from './scope-conditions.ts';
import type { Views } from './views.ts';

/** Documents that are looked at in one go for those whose message has a text. */
const LOOK = 500;

type Found = StoredDocument<LogDocument>;

/** A row, and where it stands: of the rows of one event, the one at `event` is the second. */
interface Placed {
  readonly row: LogRow;
  readonly place: Place;
}

/** Answers with rows of logs, whose words are in the log of events. */
@QueryHandler(FindLogs)
export class FindLogsHandler implements IQueryHandler<FindLogs> {
  readonly #views: Views;
  readonly #log: EventLog;

  constructor(@Inject(VIEWS) views: Views, @Inject(EVENT_LOG) log: EventLog) {
    this.#views = views;
    this.#log = log;
  }

  async execute({ filter, direction, page, waitFor, scope }: FindLogs): Promise<Page<LogRow>> {
    const list = `logs:${direction}`;
    const after = page.after === undefined ? undefined : placeOf(list, page.after, 2);
    await this.#views.reflect(waitFor, 'logs');
    const found = await this.#rows(filter, scope, direction, after, page.first + 1);
    const { items, hasNextPage } = pageOf(found, page.first, list, ({ place }) => place);
    return { items: items.map(({ cursor, node }) => ({ cursor, node: node.row })), hasNextPage };
  }

  /** The first so many behind a place. */
  async #rows(
    filter: LogsFilter,
    scope: Scope | undefined,
    direction: FindLogs['direction'],
    after: Place | undefined,
    wanted: number,
  ): Promise<readonly Placed[]> {
    const wants = wantsRow(filter);
    const limit = filter.text === undefined ? wanted : LOOK;
    const rows: Placed[] = [];
    const take = (placed: readonly Placed[]): void => {
      rows.push(...placed.filter(({ row }) => wants(row)));
    };
    if (after !== undefined) take(await this.#second(after, scope));
    for (let from: DocumentQuery['after'] = after && { key: after.key, values: [after.values[0] ?? 0] }; ;) {
      const documents = await this.#views.find<LogDocument>('logs', {
        where: [...conditionsOf(filter), ...scopeConditions(scope)],
        orderBy: [{ field: 'at', direction }],
        limit,
        ...(from === undefined ? {} : { after: from }),
      });
      take(await this.#read(documents));
      const last = documents.at(-1);
      if (rows.length >= wanted || documents.length < limit || last === undefined)
        return rows.slice(0, wanted);
      from = { values: [last.doc.at], key: last.key };
    }
  }

  /** The second row of an event whose first one stands at a place. */
  async #second({ key, values }: Place, scope: Scope | undefined): Promise<readonly Placed[]> {
    const found = values[1] === 0 ? await this.#views.get<LogDocument>('logs', key) : undefined;
    // A cursor may be made up.
    return found === undefined || !covers(scope, found.doc) ? [] : (await this.#read([found])).slice(1);
  }

  /** The rows that documents stand for, in their order. */
  async #read(documents: readonly Found[]): Promise<readonly Placed[]> {
    const events = new Map<string, readonly LogRow[]>();
    const read = async (executionId: string, wanted: ReadonlySet<number>): Promise<void> => {
      const stream = streamOf('execution', executionId);
      for (const { from, to } of runsOf(wanted))
        for (const event of await this.#log.read(stream, { from, limit: to - from + 1 }))
          if (wanted.has(event.revision)) events.set(`${event.revision}@${executionId}`, rowsOf(event));
    };
    const byExecution = Map.groupBy(documents, ({ doc }) => doc.executionId);
    await Promise.all(
      [...byExecution].map(([id, found]) => read(id, new Set(found.map(({ doc }) => doc.revision)))),
    );
    return documents.flatMap(({ key, doc }) => {
      const rows = events.get(`${doc.revision}@${doc.executionId}`) ?? [];
      return rows.map((row) => ({
        row,
        place: { key, values: [doc.at, row.level === 'event' ? 1 : 0] },
      }));
    });
  }
}
