import type { QueryBus } from '@nestjs/cqrs';
import DataLoader from 'dataloader';
import type { Idle } from '../queries/as-of/idle.ts';
import { GetIdle } from '../queries/history-queries.ts';

/** An entry of a timeline, by its place in it. */
interface EntryPlace {
  readonly executionId: string;
  readonly sequence: number;
}

/** Idle time before entries; null before those that have none. */
export type IdleLoader = DataLoader<EntryPlace, Idle | null, string>;

/** Asks once for all entries of timelines that are wanted together. */
export const createIdleLoader = (queries: QueryBus): IdleLoader =>
  new DataLoader(
    async (places) => {
      const executions = [...Map.groupBy(places, ({ executionId }) => executionId)];
      const wanted = executions.map(
        ([id, entries]) => [id, entries.map(({ sequence }) => sequence)] as const,
      );
      const found = await queries.execute(new GetIdle(new Map(wanted)));
      return places.map(({ executionId, sequence }) => found.get(executionId)?.get(sequence) ?? null);
    },
    { cacheKeyFn: ({ executionId, sequence }) => `${executionId}:${sequence}` },
  );
