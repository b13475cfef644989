import type { ApiKey } from '../domain/access/api-key.ts';

/** A key as a node knows it. */
export interface KnownKey {
  readonly key: ApiKey;
  /** Aborted once it is revoked. */
  readonly revoked: AbortSignal;
}

/** The keys that a node knows, from the log. */
export interface KnownKeys {
  /** Whether it knows all that were there when it began, and hears of others; nobody is told what a key may before. */
  readonly isCurrent: boolean;
  /** The key of an id as this node knows it; of what others did it hears a moment later. */
  of(id: string): KnownKey | undefined;
  /** All keys there are, as the log says now. Rejects as the log does. */
  list(): Promise<readonly ApiKey[]>;
}

/** When keys were used, roughly. It is no event: nothing depends on it, and whoever removes the views loses it. */
export interface KeyUses {
  /** Takes note that a key is used now; at most once a minute that is stored. Never throws. */
  note(id: string): void;
  /** When keys were used last (ms since the Unix epoch), those of which it is known. Rejects with `ReadModelsUnavailable`. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
