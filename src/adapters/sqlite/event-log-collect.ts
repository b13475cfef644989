import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { EventFilter } from '../../ports/event-log.ts';
import { decode, type StoredRow } from './event-log-row.ts';

/** Which events a batch takes: strictly after one position, up to another. */
export interface Range {
  readonly after: number;
  readonly end: number;
}

/** What came of going through rows. */
export interface Collected {
  readonly events: readonly RecordedEvent[];
  /** Set when the batch was full before the rows were through: where it stopped. */
  readonly stoppedAt: number | undefined;
  readonly lastRow: StoredRow | undefined;
  readonly rows: number;
}

// What a batch may hold of payloads, in characters: many large ones would fill the memory.
const MOST_PAYLOAD = 8_388_608;

/** Takes the events that a filter wants from rows until the batch is full. */
export const collector = (
  filter: EventFilter,
  batch: number,
): ((rows: Iterable<StoredRow>, range: Range) => Collected) => {
  const categories = filter.categories === undefined ? undefined : new Set<string>(filter.categories);
  const types = filter.types === undefined ? undefined : new Set(filter.types);
  return (rows, { after, end }) => {
    const events: RecordedEvent[] = [];
    const found: RecordedEvent[] = [];
    let lastRow: StoredRow | undefined;
    let seen = 0;
    let payload = 0;
    for (const row of rows) {
      seen += 1;
      lastRow = row;
      if (categories !== undefined && !categories.has(categoryOf(row[1]))) continue;
      found.length = 0;
      decode(row, after + 1 - row[0], end + 1 - row[0], found);
      for (const event of found) {
        if (types !== undefined && !types.has(event.type)) continue;
        events.push(event);
        payload += event.payload?.length ?? 0;
        if (events.length === batch || payload > MOST_PAYLOAD) {
          return { events, stoppedAt: Number(event.position), lastRow, rows: seen };
        }
      }
    }
    return { events, stoppedAt: undefined, lastRow, rows: seen };
  };
};
