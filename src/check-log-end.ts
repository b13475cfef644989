import { LogCorrupt, type EventLog } from './ports/event-log.ts';
import { ReadModelsUnavailable, type ProjectionRecord, type ReadModels } from './ports/read-models.ts';
import { readViews } from './projections/generations.ts';

const recordsOf = async (readModels: ReadModels): Promise<readonly ProjectionRecord[]> => {
  try {
    return await readViews(readModels);
  } catch (error) {
    // Views that are away are waited for later on.
    if (error instanceof ReadModelsUnavailable) return [];
    throw error;
  }
};

/**
 * Refuses a log that is shorter than what was folded from it: what a journal that was cut off has lost leaves no other
 * trace, and whatever came next would stand at positions that the views take for known. Throws `LogCorrupt`.
 */
export const checkLogEnd = async (log: EventLog, readModels: ReadModels): Promise<void> => {
  const end = await log.end();
  const ahead = (await recordsOf(readModels)).find(({ position }) => position > end);
  if (ahead === undefined) return;
  throw new LogCorrupt(
    `Expected the log to reach position ${ahead.position}, which the view "${ahead.name}" was folded to, but it ends at ${end}: it has lost its end, or the views are of another log. Nothing was changed: restore the folder from a backup, or remove the views to have them folded from what is there.`,
  );
};
