import { reach } from './catch-up.ts';
import type { Gatherer } from './engine/gatherings/gatherer.ts';
import { gatheringsInLog, gatheringsInViews } from './engine/gatherings/open-gatherings.ts';
import { persistently, type Persistence } from './persistently.ts';
import type { LiveCollections } from './projections/live-collections.ts';
import type { Stores } from './stores.ts';

/** The view that says what is gathered. */
const VIEW = 'gatherings';

/** What is gathered is found and taken up with. */
export interface GatheringWork extends Pick<Stores, 'log' | 'readModels' | 'projector'> {
  readonly collections: LiveCollections;
  readonly gatherer: Gatherer;
  readonly patience: Persistence;
}

/**
 * Takes up what is gathered in the log up to a position, of all or of those that are meant, once the view shows that; from
 * the log when it does not go on. No execution has to wait for it. Rejects once it is stopped.
 */
export const recoverGatherings = (
  { log, readModels, projector, collections, gatherer, patience }: GatheringWork,
  position: bigint,
  meant: (id: string) => boolean = () => true,
): Promise<void> =>
  persistently(patience, async () => {
    const isViewed = await reach(projector, patience, position, [VIEW]);
    const open = isViewed ? gatheringsInViews(readModels, await collections.of(VIEW)) : gatheringsInLog(log);
    for await (const page of open) for (const { id, dueAt } of page) if (meant(id)) gatherer.arm(id, dueAt);
  });
