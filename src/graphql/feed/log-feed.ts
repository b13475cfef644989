import type { RecordedEvent } from '../../domain/event.ts';
import { streamOf } from '../../domain/stream.ts';
import { rowsOf, type LogRow } from '../../projections/log-row.ts';
import { wantsRow, type LogsFilter } from '../../queries/logs-filter.ts';
import type { FeedFilter } from './filter.ts';
import { createSource, type Source } from './source.ts';

/** The events whose rows may be wanted. */
export const eventsOf = ({ executionId, workflow }: LogsFilter): FeedFilter => ({
  categories: ['execution'],
  ...(workflow === undefined ? {} : { workflow }),
  ...(executionId === undefined ? {} : { stream: streamOf('execution', executionId) }),
});

/** The rows of events as they come, each event's one after the other. */
export const logFeed = (events: Source<RecordedEvent>, filter: LogsFilter): Source<LogRow> => {
  const wants = wantsRow(filter);
  const rows: LogRow[] = [];
  const pull = async (): Promise<LogRow | undefined> => {
    for (;;) {
      const row = rows.shift();
      if (row !== undefined) return row;
      const { done, value } = await events.next();
      if (done === true) return undefined;
      rows.push(...rowsOf(value).filter(wants));
    }
  };
  return createSource(pull, async () => void (await events.return()));
};
