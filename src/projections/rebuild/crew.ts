import type { Shard } from '../../domain/shard.ts';

/** Documents that are folded beside the live ones, as whoever folds some of them is told of them. */
export interface Portion {
  readonly projection: string;
  readonly version: number;
  readonly generation: number;
  /** Everything up to here is folded and stored. */
  readonly position: bigint;
  /** Ids of the events that are passed over where they cannot be folded. */
  readonly parked: readonly string[];
  /** They have the indexes that removed documents are found by. */
  readonly findsRemoved: boolean;
}

/** What of the log is folded at a time. */
export interface Stretch {
  /** Strictly after this position. */
  readonly after: bigint;
  readonly upTo: bigint;
  /** The executions whose documents are folded. */
  readonly shard: Shard;
  readonly portions: readonly Portion[];
}

/** What came of a stretch. */
export interface Stretched {
  /** How many events were folded, by projection. */
  readonly events: ReadonlyMap<string, number>;
  /** When the newest event was decided that was looked at, ms since the Unix epoch. */
  readonly at: number | undefined;
}

/** There is something removed in a stretch that cannot be looked up yet; the indexes for it are made while nobody folds. */
export class RemovalsAhead extends Error {
  readonly code = 'REMOVALS_AHEAD';

  constructor(collection: string) {
    super(`Expected ${collection} to have the indexes that removed documents are found by, but it has not.`);
    this.name = 'RemovalsAhead';
  }
}

/** Folds portions of documents, while others fold the rest of them. */
export interface Hand {
  /**
   * Folds a stretch of the log. Again, or a part of it, it changes nothing. Rejects with `RemovalsAhead`, and when it
   * cannot, with whatever it failed with; then some of it may be folded.
   */
  fold(stretch: Stretch): Promise<Stretched>;
}

/** Those who fold beside whoever rebuilds, until they are let go. */
export interface Crew {
  /** Those who have begun by now, from the first on; more may come until all are there. */
  ready(): readonly Hand[];
  /** Resolves when they are gone, who give up what they are at. */
  close(): Promise<void>;
}

/** Where a crew is to be had. */
export interface Crews {
  /** Fewer events than these are folded by one, before others have begun. */
  readonly atLeast: number;
  /** `undefined` when none is to be had. */
  open(): Crew | undefined;
  /** Told what one of a crew has failed with, without whom the rebuild goes on. */
  failed(failure: unknown): void;
}
