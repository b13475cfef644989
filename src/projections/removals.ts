import type { EventType, Recorded } from '../domain/registry.ts';
import { categoryOf, entityOf } from '../domain/stream.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Projection } from './projection.ts';

/** Events of a batch, the executions that are removed by then, and what says behind that which are back. */
export interface Part {
  readonly events: readonly Recorded[];
  readonly removed: readonly string[];
  readonly restored: readonly Recorded<'execution.restored'>[];
  /** Position of the last removal. */
  readonly upTo: bigint;
}

/** Executions of one call of the store. */
const MANY = 500;

/** The execution that an event tells of; `undefined` when it tells of none. */
export const executionOf = ({ stream, facts }: Pick<Recorded, 'stream' | 'facts'>): string | undefined => {
  if (categoryOf(stream) === 'execution') return entityOf(stream);
  if ('executionId' in facts) return facts.executionId;
  return 'execution' in facts ? facts.execution : undefined;
};

/** Whether a batch with events of these types may have to be cut. */
export const cuts = (types: ReadonlySet<EventType>): boolean =>
  types.has('execution.removed') || types.has('execution.restored');

/**
 * Cuts a batch where something tells of an execution that was removed, or is back, before it: what is folded behind a
 * removal begins with nothing, wherever batches end. What happened up to `after` has been carried out.
 */
export const partsOf = (events: readonly Recorded[], after: bigint): readonly Part[] => {
  const parts: Part[] = [];
  let part: Recorded[] = [];
  let removed = new Set<string>();
  let restored: Recorded<'execution.restored'>[] = [];
  let upTo = after;
  const cut = (): void => {
    if (part.length > 0) parts.push({ events: part, removed: [...removed], restored, upTo });
    part = [];
    removed = new Set();
    restored = [];
  };
  for (const event of events) {
    if (restored.length > 0 && event.type !== 'execution.restored') cut();
    const execution = removed.size === 0 ? undefined : executionOf(event);
    if (execution !== undefined && removed.has(execution)) cut();
    part.push(event);
    if (event.position <= after) continue;
    if (event.type === 'execution.restored') restored.push(event);
    if (event.type !== 'execution.removed') continue;
    removed.add(entityOf(event.stream));
    upTo = event.position;
  }
  cut();
  return parts;
};

/** Removes the documents of a part's executions, which name theirs as `forgets` says. Rejects as `ReadModels` does. */
export const removeFrom = async (
  readModels: Pick<ReadModels, 'remove'>,
  collection: string,
  forgets: NonNullable<Projection['forgets']>,
  { removed, upTo }: Part,
): Promise<void> => {
  for (let from = 0; from < removed.length; from += MANY) {
    const values = removed.slice(from, from + MANY);
    const which =
      forgets === 'key' ? { keyIn: values } : [{ field: forgets.field, op: 'in', values } as const];
    await readModels.remove(collection, which, upTo);
  }
};
