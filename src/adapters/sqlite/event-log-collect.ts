import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { EventFilter } from '../../ports/event-log.ts';
import { decode, type AnyRow } from './event-log-row.ts';

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
  readonly lastRow: AnyRow | undefined;
  readonly rows: number;
}

// What a batch may hold of payloads, in characters: many large ones would fill the memory.
const MOST_PAYLOAD = 8_388_608;

/** Takes the events that a filter wants from rows until the batch is full. */
export const collector = (
  filter: EventFilter,
  batch: number,
): ((rows: Iterable<AnyRow>, range: Range) => Collected) => {
  const categories = filter.categories === undefined ? undefined : new Set<string>(filter.categories);
  const types = filter.types === undefined ? undefined : new Set(filter.types);
  return (rows, { after, end }) => {
    const events: RecordedEvent[] = [];
    let lastRow: AnyRow | undefined;
    let seen = 0;
    let payload = 0;
    for (const row of rows) {
      seen += 1;
      lastRow = row;
      if (categories !== undefined && !categories.has(categoryOf(row[1]))) continue;
      // In place: most rows are wanted whole.
      let taken = events.length;
      decode(row, after + 1 - row[0], end + 1 - row[0], events);
      for (let next = taken; next < events.length; next += 1) {
        const event = events[next] as RecordedEvent;
        if (types !== undefined && !types.has(event.type)) continue;
        events[taken] = event;
        taken += 1;
        payload += event.payload?.length ?? 0;
        if (taken === batch || payload > MOST_PAYLOAD) {
          events.length = taken;
          return { events, stoppedAt: Number(event.position), lastRow, rows: seen };
        }
      }
      events.length = taken;
    }
    return { events, stoppedAt: undefined, lastRow, rows: seen };
  };
};
