import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Query, Subscription } from '@nestjs/graphql';
import { FindLogs } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { nullable } from '../errors/input-pipe.ts';
import { EventFeeds } from '../feed/event-feeds.ts';
import { seenUpTo, type Cursor as CursorValue } from '../feed/cursor.ts';
import { eventsOf, logFeed, type FollowedRow } from '../feed/log-feed.ts';
import type { Source } from '../feed/source.ts';
import { LogFilterInput, logsFilter } from '../inputs/log-filter.input.ts';
import { PageArgs, pageRequest } from '../inputs/query.args.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { LogOrders } from '../models/log-enums.ts';
import { LogConnection, logRowFrom, LogRowModel } from '../models/log-row.model.ts';
import { Cursor } from '../scalars/cursor.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

const FILTER = { type: () => LogFilterInput, nullable: true, description: 'Which rows.' };

/** The logs of runs: what happened in words, and what activities wrote. */
@ApiResolver(() => LogRowModel)
export class LogsResolver {
  readonly #queries: QueryBus;
  readonly #feeds: EventFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(EventFeeds) feeds: EventFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => LogConnection, { description: 'Rows of the logs of runs by their time.' })
  async logs(
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Args('filter', FILTER, nullable(LogFilterInput)) filter: LogFilterInput | null,
    @Args('orderBy', {
      type: () => LogOrders,
      defaultValue: LogOrders.TIMESTAMP_DESC,
      description: 'In which order.',
    })
    orderBy: 'asc' | 'desc',
    @Context() { scope, givesPayloads }: GraphqlContext,
  ): Promise<ConnectionOf<LogRowModel>> {
    const query = new FindLogs(logsFilter(filter), orderBy, pageRequest(args), args.waitFor ?? undefined);
    return connectionFrom(await this.#queries.execute(query.within(scope)), args, (row) => {
      givesPayloads(row.executionId, row.workflow);
      return logRowFrom(row);
    });
  }

  @Subscription(() => LogRowModel, {
    name: 'logs',
    resolve: (row: FollowedRow, _args: unknown, { givesPayloads }: GraphqlContext): LogRowModel => {
      givesPayloads(row.executionId, row.workflow);
      return logRowFrom(row);
    },
    description:
      'Rows of the logs of runs as they are written, in the order of their events. To resume, give the cursor of the last row as `after`.',
  })
  async followLogs(
    @Args('filter', FILTER, nullable(LogFilterInput)) filter: LogFilterInput | null,
    @Args('after', {
      type: () => Cursor,
      nullable: true,
      description: 'Only rows behind this one, or behind a position; those from now on when left out.',
    })
    after: CursorValue | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<Source<FollowedRow>> {
    const wanted = logsFilter(filter);
    const seen = after ?? undefined;
    return logFeed(await this.#feeds.of(eventsOf(wanted, scope), seen && seenUpTo(seen)), wanted, seen);
  }
}
