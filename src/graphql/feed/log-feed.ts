import type { RecordedEvent } from '../../domain/event.ts';
import type { Scope } from '../../domain/access/scope.ts';
import { streamOf } from '../../domain/stream.ts';
import { rowsOf, type LogRow } from '../../projections/log-row.ts';
import { wantsRow, type LogsFilter } from '../../queries/logs-filter.ts';
import type { Cursor, Followed, Lag } from './cursor.ts';
import type { FeedFilter } from './filter.ts';
import { createSource, type Source } from './source.ts';

/** A row as a feed has it. */
export type FollowedRow = LogRow & { readonly lagging?: Lag };

/** The events whose rows may be wanted. */
export const eventsOf = ({ executionId, workflow }: LogsFilter, scope?: Scope): FeedFilter => ({
  scope,
  categories: ['execution'],
  ...(workflow === undefined ? {} : { workflow }),
  ...(executionId === undefined ? {} : { stream: streamOf('execution', executionId) }),
});

// Of an event some rows may have been seen before the client dropped.
const unseenOf = (event: RecordedEvent, after: Cursor | undefined): readonly LogRow[] =>
  rowsOf(event).slice(event.position === after?.position ? after.seen : 0);

/** The rows of events as they come, each event's one after the other; without those that a cursor stands behind. */
export const logFeed = (
  events: Source<Followed>,
  filter: LogsFilter,
  after?: Cursor,
): Source<FollowedRow> => {
  const wants = wantsRow(filter);
  const rows: FollowedRow[] = [];
  const pull = async (): Promise<FollowedRow | undefined> => {
    for (;;) {
      const row = rows.shift();
      if (row !== undefined) return row;
      const { done, value } = await events.next();
      if (done === true) return undefined;
      const { lagging } = value;
      const wanted = unseenOf(value, after).filter(wants);
      rows.push(...(lagging === undefined ? wanted : wanted.map((one) => ({ ...one, lagging }))));
    }
  };
  return createSource(pull, async () => void (await events.return()));
};
