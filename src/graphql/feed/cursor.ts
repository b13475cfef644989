import type { RecordedEvent } from '../../domain/event.ts';

/** Where a client of a feed is: behind an event, or behind so many of the values that one event comes to. */
export interface Cursor {
  readonly position: bigint;
  /** How many of its values have been seen; all of them when left out. */
  readonly seen?: number | undefined;
}

/** How far a client is behind that is slower than the log. */
export interface Lag {
  /** Where the log ends, as far as is known. */
  readonly end: bigint;
  /** How many positions those are from here. */
  readonly behind: number;
}

/** An event as a feed has it; `lagging` while the client is so slow that the feed reads the log for it alone. */
export type Followed = RecordedEvent & { readonly lagging?: Lag };

/** The last position that everything of has been seen. */
export const seenUpTo = ({ position, seen }: Cursor): bigint =>
  seen === undefined || position === 0n ? position : position - 1n;
