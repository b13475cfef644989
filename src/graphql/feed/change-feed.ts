import { current } from '../../domain/registry.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { Projection } from '../../projections/projection.ts';
import { batchesOf } from './batches.ts';
import type { Followed, Lag } from './cursor.ts';
import { createSource, type Source } from './source.ts';

/** A document of a view that events have changed. */
export interface Change<T> {
  /** Position of the latest of those events: a client goes on behind it. */
  readonly cursor: bigint;
  /** As the view has it, then or later. */
  readonly value: T;
  readonly lagging?: Lag;
}

/** Which documents, and where they are. */
export interface ChangeFeedOptions<T> {
  readonly events: Source<Followed>;
  /** Which events change documents, and which. */
  readonly view: Pick<Projection, 'handles' | 'keyOf'>;
  /**
   * Documents by their keys once the view reflects a position; one that is not wanted is left out. Rejects with
   * `WAIT_TIMEOUT` when that takes long.
   */
  readonly load: (keys: readonly string[], position: bigint) => Promise<ReadonlyMap<string, T>>;
}

/** The most events whose changes are read from the view at once. */
const MOST = 100;

const isSlow = (error: unknown): boolean => error instanceof Rejection && error.code === 'WAIT_TIMEOUT';

const keyedBy =
  ({ handles, keyOf }: ChangeFeedOptions<unknown>['view']): ((event: Followed) => string | undefined) =>
  (event) => {
    if (!(handles as readonly string[]).includes(event.type)) return undefined;
    try {
      return keyOf(current(event));
    } catch {
      // What this version cannot read is in no view of it either.
      return undefined;
    }
  };

/**
 * Documents of a view as events change them, in the order of the log: each after its event was folded, and once for events
 * that come together. The log says what has changed, so who resumes behind a cursor misses none.
 */
export const changeFeed = <T>({ events, view, load }: ChangeFeedOptions<T>): Source<Change<T>> => {
  const next = batchesOf(events, MOST);
  const keyOf = keyedBy(view);
  const changes: Change<T>[] = [];
  let closed = false;

  const loadPatiently = async (
    keys: readonly string[],
    position: bigint,
  ): Promise<ReadonlyMap<string, T>> => {
    for (;;) {
      try {
        return await load(keys, position);
      } catch (error) {
        if (closed || !isSlow(error)) throw error;
      }
    }
  };

  const pull = async (): Promise<Change<T> | undefined> => {
    for (;;) {
      const change = changes.shift();
      if (change !== undefined) return change;
      const batch = await next();
      const last = batch.at(-1);
      if (last === undefined) return undefined;
      const latest = new Map<string, Followed>();
      for (const event of batch) {
        const key = keyOf(event);
        if (key === undefined) continue;
        // The latest event of each decides where it stands: whoever drops before it has it again.
        latest.delete(key);
        latest.set(key, event);
      }
      if (latest.size === 0) continue;
      const found = await loadPatiently([...latest.keys()], last.position);
      for (const [key, { position, lagging }] of latest) {
        const value = found.get(key);
        if (value !== undefined)
          changes.push({ cursor: position, value, ...(lagging === undefined ? {} : { lagging }) });
      }
    }
  };

  return createSource(pull, async () => {
    closed = true;
    await events.return();
  });
};
