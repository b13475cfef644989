import type { JsonObject } from '../domain/json.ts';
import type { EventType, Recorded } from '../domain/registry.ts';
import type { CollectionIndex } from '../ports/read-models.ts';

/**
 * A view folded from the log. Pure: a document's key and its change come from the event alone,
 * and from its facts and metadata only, never its payload.
 */
export interface Projection<Doc = JsonObject, Type extends EventType = EventType> {
  readonly name: string;
  /** Raised when the same events must give other documents: the projection is then rebuilt. */
  readonly version: number;
  readonly handles: readonly Type[];
  /** Event types that it leaves alone on purpose; with `handles` they are all there are. */
  readonly ignores: readonly EventType[];
  readonly indexes: readonly CollectionIndex[];
  /** What names the execution that a document is of, its key or a field: when that is removed, the document is. */
  readonly forgets?: 'key' | { readonly field: string };
  /** Each document is made of events that tell of one execution (`placeOf`), so that those of others can be folded beside it. */
  readonly isOfOneExecution?: true;
  /** Each document is made by one event and never changed. */
  readonly isWrittenOnce?: true;
  /** Under load others come first, which people look at to see what goes on. */
  readonly canWait?: true;
  /** The document that the event changes; `undefined` for none. */
  keyOf(event: Recorded<Type>): string | undefined;
  /** The document after the event; `doc` is `undefined` for its first. Never changes `doc`. */
  evolve(doc: Doc | undefined, event: Recorded<Type>): Doc;
}
