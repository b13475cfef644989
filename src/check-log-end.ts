import type { EventLog } from './ports/event-log.ts';
import type { ReadModels } from './ports/read-models.ts';
import { readViews } from './projections/generations.ts';
import { ViewsAhead } from './projections/views-ahead.ts';

/**
 * Refuses a log that is shorter than what was folded from it: what a log that was cut off or restored has lost leaves no
 * other trace, and whatever came next would stand at positions that the views take for known. Rejects with `ViewsAhead`,
 * and as the stores do.
 */
export const checkLogEnd = async (log: EventLog, readModels: ReadModels): Promise<void> => {
  const records = await readViews(readModels);
  // Asked behind the records, which others may move on meanwhile.
  const end = await log.end();
  const ahead = records.find(({ position }) => position > end);
  if (ahead !== undefined) throw new ViewsAhead(ahead, end);
};
