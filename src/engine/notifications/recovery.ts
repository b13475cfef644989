import type { ReadModels } from '../../ports/read-models.ts';
import { documentPages } from '../document-pages.ts';
import { createPool } from '../pool.ts';
import type { Deliveries } from './deliveries.ts';

const AT_ONCE = 32;

/** What of notifications is open: what was not asked for yet, and what was not sent. */
export interface OpenNotifications {
  /** Events of executions that tell of themselves and have not asked for all notifications. */
  readonly notices: AsyncIterable<readonly { readonly execution: string; readonly revision: number }[]>;
  readonly pending: AsyncIterable<readonly { readonly id: string; readonly dueAt: number }[]>;
}

/** What is open, by page, as the views say in these collections. */
export const openInViews = (
  readModels: ReadModels,
  collections: { readonly notices: string; readonly notifications: string },
): OpenNotifications => ({
  notices: noticesIn(readModels, collections.notices),
  pending: pendingIn(readModels, collections.notifications),
});

type Notice = { readonly execution: string; readonly revision: number };

async function* noticesIn(readModels: ReadModels, collection: string): OpenNotificationPages<'notices'> {
  const query = {
    where: [{ field: 'count', op: 'gt', value: 0 }],
    orderBy: [{ field: 'count', direction: 'asc' }],
  } as const;
  for await (const page of documentPages(readModels, collection, query))
    yield page.map(({ doc }) => doc as Notice);
}

async function* pendingIn(readModels: ReadModels, collection: string): OpenNotificationPages<'pending'> {
  const query = {
    where: [{ field: 'status', op: 'eq', value: 'pending' }],
    orderBy: [{ field: 'requestedAt', direction: 'asc' }],
  } as const;
  for await (const page of documentPages(readModels, collection, query))
    yield page.map(({ key, doc }) => ({ id: key, dueAt: Number(doc['dueAt'] ?? 0) }));
}

type OpenNotificationPages<Kind extends keyof OpenNotifications> =
  OpenNotifications[Kind] extends AsyncIterable<infer Page> ? AsyncGenerator<Page> : never;

/**
 * Takes up the notifications that are meant, and asks for those that executions which are meant tell of; answers how
 * many there were. Rejects as the stores do.
 */
export const takeUpNotifications = async (
  { notices, pending }: OpenNotifications,
  deliveries: Pick<Deliveries, 'arm' | 'noticeLeft'>,
  meant: (id: string) => boolean = () => true,
): Promise<number> => {
  let count = 0;
  const pool = createPool(AT_ONCE);
  for await (const page of notices) {
    const mine = page.filter(({ execution }) => meant(execution));
    await Promise.all(
      mine.map(({ execution, revision }) => pool(() => deliveries.noticeLeft(execution, revision))),
    );
    count += mine.length;
  }
  for await (const page of pending) {
    const mine = page.filter(({ id }) => meant(id));
    for (const { id, dueAt } of mine) deliveries.arm(id, dueAt);
    count += mine.length;
  }
  return count;
};
