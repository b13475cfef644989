import type { StoredArchive } from './archives.ts';

/** What came of removing what a workflow keeps no longer. Times are ms since the Unix epoch. */
export interface Retained {
  readonly workflow: string;
  /** What ended before this. */
  readonly before: number;
  /** How many executions were removed; in a dry run: how many would be. */
  readonly removed: number;
  /** How many were chosen and stay, since something had happened to them meanwhile. */
  readonly left: number;
  readonly archives: readonly StoredArchive[];
}

/** What came of truncating the streams of what was removed of a workflow. */
export interface Truncated {
  readonly workflow: string;
  /** How many streams were truncated; in a dry run: how many would be. */
  readonly truncated: number;
  /** How many stay, since they are there: back, or not removed after all. */
  readonly left: number;
  /** How many events were given up with them; views are folded from what is kept of these in brief. */
  readonly events: number;
}

/** What came of bringing an archive back. */
export interface Imported {
  readonly workflow: string;
  readonly archive: string;
  /** How many executions are back. */
  readonly restored: number;
  /** How many are there anyway: they were brought back before, or not removed at all. */
  readonly unchanged: number;
}

/** An archive of what was removed, as the log tells it. */
export interface KnownArchive extends StoredArchive {
  readonly executions: number;
  /** When the first and the last of them ended. */
  readonly from: number;
  readonly to: number;
  readonly archivedAt: number;
}

/** How long executions of a workflow are kept, and what was removed. */
export interface RetentionStatus {
  readonly workflow: string;
  /** Milliseconds after their end; null where nothing is said. */
  readonly after: number | null;
  readonly archives: boolean;
  /** Since when it is being removed, or was to be; null when that is over. */
  readonly openSince: number | null;
  readonly endedAt: number | null;
  /** How many were removed, ever: one that came back and was removed again counts each time. */
  readonly removed: number;
  /** How many streams of these were truncated. */
  readonly truncated: number;
  readonly archived: readonly KnownArchive[];
}

/** What of workflows is kept no longer. */
export interface Retentions {
  /** Of each workflow that says how long, or of which something was removed. Rejects as the log does. */
  status(): Promise<readonly RetentionStatus[]>;
}
