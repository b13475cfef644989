import type { RecordedEvent } from '../domain/event.ts';
import { current, type Recorded } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import type { JsonObject } from '../domain/json.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { DocumentWrite } from '../ports/read-models.ts';
import { readStream } from '../ports/read-stream.ts';
import { attempt } from './attempt.ts';
import type { Fold, FoldStore } from './fold.ts';

/** What of the log is needed to read what has happened to one execution. */
export type PastEvents = Pick<EventLog, 'read'>;

/** What tells of an execution that is back: its own events, and those of what somebody was told of it. */
async function* pastOf(
  log: PastEvents,
  { stream, revision, position, facts }: Recorded<'execution.restored'>,
): AsyncGenerator<RecordedEvent> {
  for await (const page of readStream(log, stream, revision - 1)) yield* page;
  for (const id of facts.notifications)
    for await (const page of readStream(log, streamOf('notification', id)))
      yield* page.filter((event) => event.position < position);
}

/**
 * Makes the documents of an execution that is back from what happened to it, as if all of it happened where the log says
 * that it is: so a removal of before, which comes late, leaves them alone. Those that are there are left as they are.
 * Answers their keys. Rejects as the stores do, and with `ProjectionFailure`.
 */
export const restoreTo = async (
  readModels: FoldStore,
  fold: Pick<Fold, 'projection' | 'collection' | 'parked'>,
  restored: Recorded<'execution.restored'>,
  log: PastEvents | undefined,
): Promise<readonly string[]> => {
  const { projection, collection } = fold;
  if (log === undefined)
    throw new TypeError(`Expected a log to read ${restored.stream} from, but there is none.`);
  const handles: ReadonlySet<string> = new Set(projection.handles);
  const documents = new Map<string, JsonObject>();
  for await (const recorded of pastOf(log, restored)) {
    if (!handles.has(recorded.type)) continue;
    const found = attempt(fold, recorded as Recorded, undefined, () => {
      const event = current(recorded);
      const key = projection.keyOf(event);
      return key === undefined ? undefined : { key, doc: projection.evolve(documents.get(key), event) };
    });
    if (found !== undefined) documents.set(found.key, found.doc);
  }
  const { position } = restored;
  for (let keys: readonly string[] = [...documents.keys()]; keys.length > 0;) {
    const stored = await readModels.load(collection, keys);
    const writes = keys.flatMap((key): readonly DocumentWrite[] => {
      const doc = documents.get(key);
      const expected = stored.get(key)?.position;
      const isThere = expected !== undefined && expected >= position;
      return doc === undefined || isThere ? [] : [{ key, doc, position, expected }];
    });
    keys = writes.length === 0 ? [] : await readModels.write(collection, writes);
  }
  return [...documents.keys()];
};
