import { reach } from './catch-up.ts';
import type { Deliveries } from './engine/notifications/deliveries.ts';
import { openInLog } from './engine/notifications/open-in-log.ts';
import { openInViews, takeUpNotifications } from './engine/notifications/recovery.ts';
import { persistently, type Persistence } from './persistently.ts';
import type { LiveCollections } from './projections/live-collections.ts';
import type { Stores } from './stores.ts';

/** The views that say which notifications are open. */
const VIEWS: readonly string[] = ['notices', 'notifications'];

/** What open notifications are found and taken up with. */
export interface NotificationWork extends Pick<Stores, 'log' | 'readModels' | 'projector'> {
  readonly collections: LiveCollections;
  readonly deliveries: Deliveries;
  readonly patience: Persistence;
}

/**
 * Takes up the notifications, or those that are meant, that are open in the log up to a position, once the views show
 * that; from the log when one of them does not go on. No execution has to wait for it. Rejects once it is stopped.
 */
export const recoverNotifications = (
  { log, readModels, projector, collections, deliveries, patience }: NotificationWork,
  position: bigint,
  meant?: (id: string) => boolean,
): Promise<void> =>
  persistently(patience, async () => {
    const isViewed = await reach(projector, patience, position, VIEWS);
    const collectionsOf = async () => ({
      notices: await collections.of('notices'),
      notifications: await collections.of('notifications'),
    });
    const open = isViewed ? openInViews(readModels, await collectionsOf()) : openInLog(log);
    const taken = await takeUpNotifications(open, deliveries, meant);
    if (taken > 0)
      patience.logger.info({ notifications: taken }, 'Took up the notifications that were open.');
  });
