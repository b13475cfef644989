import type { EventType } from '../../domain/registry.ts';
import { entityOf } from '../../domain/stream.ts';
import { LogUnavailable, START, type EventLog } from '../../ports/event-log.ts';
import type { ReadModels } from '../../ports/read-models.ts';
import { documentPages } from '../document-pages.ts';

/** Something that waits to start an execution: the id of its stream, and until when (ms since the Unix epoch). */
export interface OpenGathering {
  readonly id: string;
  readonly dueAt: number;
}

const GATHERED: EventType = 'trigger.gathered';
const RELEASED: EventType = 'trigger.released';

/** What is gathered, by page, as the view says in this collection. Rejects as the store does. */
export async function* gatheringsInViews(
  readModels: ReadModels,
  collection: string,
): AsyncGenerator<readonly OpenGathering[]> {
  const query = {
    where: [{ field: 'status', op: 'eq', value: 'open' }],
    orderBy: [{ field: 'dueAt', direction: 'asc' }],
  } as const;
  for await (const page of documentPages(readModels, collection, query))
    yield page.map(({ key: id, doc }) => ({ id, dueAt: Number(doc['dueAt']) }));
}

/** The same, as all of the log says: for when the view cannot. Rejects with `LogUnavailable` when it is closed meanwhile. */
export async function* gatheringsInLog(
  log: Pick<EventLog, 'subscribe'>,
): AsyncGenerator<readonly OpenGathering[]> {
  const open = new Map<string, number>();
  const { signal } = new AbortController();
  const filter = { types: [GATHERED, RELEASED] };
  for await (const { events, caughtUp } of log.subscribe({ after: START, filter, signal })) {
    for (const { type, stream, facts } of events)
      if (type === GATHERED) open.set(entityOf(stream), Number(facts['dueAt']));
      else open.delete(entityOf(stream));
    if (!caughtUp) continue;
    yield [...open].map(([id, dueAt]) => ({ id, dueAt }));
    return;
  }
  throw new LogUnavailable('Expected the log to be read to its end, but it was closed.');
}
