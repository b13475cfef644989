import type { Shard } from '../../domain/shard.ts';

/** Documents that are folded beside the live ones, as whoever folds some of them is told of them. */
export interface Portion {
  readonly projection: string;
  readonly generation: number;
  /** Everything up to here is folded and stored. */
  readonly position: bigint;
  /** Ids of the events that are passed over where they cannot be folded. */
  readonly parked: readonly string[];
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

/** Folds portions of documents, while others fold the rest of them. */
export interface Hand {
  /**
   * Folds a stretch of the log. Again, or a part of it, it changes nothing. Rejects when it cannot, with whatever it failed
   * with; then some of it may be folded.
   */
  fold(stretch: Stretch): Promise<Stretched>;
}

/** Those who fold beside whoever rebuilds, until they are let go. */
export interface Crew {
  /** Those who have begun by now, from the first on; more may come until all are there. */
  ready(): readonly Hand[];
  /** Resolves when they are gone. */
  close(): Promise<void>;
}

/** Where a crew is to be had. */
export interface Crews {
  /** Fewer events than these are folded by one, before others have begun. */
  readonly atLeast: number;
  open(): Crew;
  /** Told why one who rebuilds goes on alone: what a crew could not do. */
  failed(failure: unknown): void;
}
