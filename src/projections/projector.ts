import type { Digest } from '../domain/digest.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Category } from '../domain/stream.ts';
import type { RebuildKind } from './rebuild/notes.ts';
import type { RebuildPhase } from './rebuild/shadow.ts';

/** How a projection fares. `waiting`: its store or its log does not answer, and it goes on by itself. */
export type ProjectionState = 'running' | 'catching_up' | 'rebuilding' | 'waiting' | 'stopped';

/** What went wrong, and at which event when it was one. */
export interface ProjectionFault {
  readonly code: string;
  readonly message: string;
  /** Of the event; everything before it is folded. */
  readonly position: bigint | null;
  readonly stream: string | null;
  readonly revision: number | null;
  readonly eventId: string | null;
}

/** What went wrong at an event. */
export interface EventFault extends ProjectionFault {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
}

/** How far the documents are that are folded beside the live ones. */
export interface RebuildStatus {
  readonly kind: RebuildKind;
  readonly phase: RebuildPhase;
  readonly paused: boolean;
  readonly generation: number;
  /** Everything up to here is folded. */
  readonly position: bigint;
  /** Where the log ends; null when it does not answer. */
  readonly end: bigint | null;
  /** Events that were folded. */
  readonly events: number;
  /** Documents of both sides that were compared, and, in a dry run, what of the live ones' indexes was looked through. */
  readonly compared: number;
  /** The share of its time that it works, at most: above 0 to 1. */
  readonly maxShare: number;
  /** When it was asked for, ms since the Unix epoch. */
  readonly begunAt: number;
  /** Milliseconds until it has folded everything, by how fast it got here with its rests, without what comes behind folding; null when nothing tells. */
  readonly eta: number | null;
}

/** How far a projection is. */
export interface ProjectionStatus {
  readonly name: string;
  /** Of the live documents; 0 while there are none. */
  readonly version: number;
  readonly generation: number;
  /** Everything up to here is folded into the live documents. */
  readonly position: bigint;
  readonly state: ProjectionState;
  /** Age of the newest event looked at while there are more behind it, else 0; null while that is not known. */
  readonly lagSeconds: number | null;
  /** Events in the log behind `position`; null where positions do not count events, or the log does not answer. */
  readonly lagEvents: number | null;
  /** Events looked at a second, over the last ten; while it is rebuilt, those of the rebuild. */
  readonly rate: number;
  /** How many events it passes over where it cannot fold them. */
  readonly parked: number;
  /** How far the rebuild is; null while there is none. */
  readonly rebuild: RebuildStatus | null;
  readonly lastError: ProjectionFault | null;
}

/** What is not what the log says: a document, or what the store finds it by. */
export type DifferenceKind = 'document' | 'index';

/** A document that is not what the log says, or is found by something else than it says. */
export interface Difference {
  readonly key: string;
  readonly kind: DifferenceKind;
  /** As it was found, its text where that is no JSON object, or what of it was found by something else; null when there is none. */
  readonly live: Json;
  /** As it was folded anew, or what it is to be found by; null when there is to be none. */
  readonly rebuilt: JsonObject | null;
}

/** The live documents beside those that were folded anew. */
export interface Comparison {
  readonly live: Digest;
  /** How many documents differ, are missing, or are too many; in a dry run also how many are found by something else than they say. */
  readonly differing: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
  /** The same by the days that the documents tell of, where it was asked for. */
  readonly days: readonly DayComparison[];
}

/** The documents that tell of one day. */
export interface DayComparison {
  /** Of the streams that they tell of. */
  readonly category: Category;
  /** 2026-01-31, in UTC; null for those that tell of no day. */
  readonly day: string | null;
  readonly live: Digest;
  readonly rebuilt: Digest;
  readonly differing: number;
}

/** What to fold anew, and how. */
export interface RebuildOptions {
  /** Compares only: the live documents stay, and those beside them go. */
  readonly dryRun?: boolean;
  /** The share of its time that it works, at most, so that others get on: above 0 to 1 (default 1). */
  readonly maxShare?: number;
  /** Compares by day, too. */
  readonly byDay?: boolean;
}

/** What an operator does to a rebuild that is under way. */
export type RebuildControl = 'pause' | 'resume' | 'cancel';

/** How a rebuild ended. */
export interface Rebuilt {
  readonly kind: RebuildKind;
  /** The generation that was folded; of a dry run it is gone. */
  readonly generation: number;
  /** Events that were folded. */
  readonly events: number;
  /** Milliseconds since it was asked for. */
  readonly duration: number;
  /** Everything up to here is folded into its documents. */
  readonly position: bigint;
  /** Of its documents, when they were compared; null when they were not counted. */
  readonly digest: Digest | null;
  /** Null when there were no documents to compare with: none at all, of another version, or ahead of the log. */
  readonly comparison: Comparison | null;
}

/** How the rebuild of one projection among several ended. */
export type RebuildOutcome =
  | { readonly name: string; readonly rebuilt: Rebuilt; readonly error: null }
  | { readonly name: string; readonly rebuilt: null; readonly error: ProjectionFault };

/** A projection got further, or fares otherwise than before. */
export interface ProjectionProgress {
  readonly name: string;
  /** Of the live documents; 0 while there are none. */
  readonly version: number;
  /** The generation that is live. */
  readonly generation: number;
  readonly position: bigint;
  readonly state: ProjectionState;
  /** Keys of the live documents that changed; `undefined` when they are many, or all. */
  readonly changed: readonly string[] | undefined;
}

/** Told after documents and checkpoints are stored. */
export type ProgressListener = (progress: readonly ProjectionProgress[]) => void;

/** Keeps the read models up with the log. */
export interface Projector {
  status(): Promise<readonly ProjectionStatus[]>;

  /**
   * Resolves when these projections have folded everything up to a position. Rejects with `WAIT_TIMEOUT` after
   * `timeout` ms, with `PROJECTION_NOT_FOUND`, and with `UNAVAILABLE` when one of them is stopped.
   */
  waitFor(position: bigint, names: readonly string[], timeout: number): Promise<void>;

  /**
   * Folds a projection anew from the whole log beside the live one, compares, then swaps; one that is cut off goes on
   * when the projector is started again. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, `REBUILD_CANCELLED`,
   * `ProjectionFailure`.
   */
  rebuild(name: string, options?: RebuildOptions): Promise<Rebuilt>;

  /** Rebuilds several projections, or all, in one pass over the log. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`. */
  rebuildAll(names?: readonly string[], options?: RebuildOptions): Promise<readonly RebuildOutcome[]>;

  /**
   * Brings the documents back that were live before the last swap: folds them on, then swaps.
   * Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, and `NOTHING_KEPT`.
   */
  rollback(name: string): Promise<Rebuilt>;

  /**
   * Lets a projection go on that has stopped, from where it is. Rejects with `PROJECTION_NOT_FOUND`,
   * `REBUILD_RUNNING`, `PROJECTION_NOT_STOPPED`, with `UNAVAILABLE` when only a rebuild helps, and with
   * `ProjectionFailure` when it stops again. What was parked for it meanwhile it passes over.
   */
  retry(name: string): Promise<Rebuilt>;

  /**
   * The event that a projection has stopped at. Rejects with `PROJECTION_NOT_FOUND`, with `PROJECTION_NOT_STOPPED` when
   * it goes on or has stopped for something else, and with `UNAVAILABLE` where another node folds it.
   */
  stoppedAt(name: string): Promise<EventFault>;

  /** Holds up the pass that a projection is rebuilt in, also beyond a restart, lets it go on, or ends it. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_NOT_RUNNING`. */
  control(name: string, what: RebuildControl): Promise<void>;

  /** Calls back with every progress until the answer is called. */
  onProgress(listener: ProgressListener): () => void;

  /** Finishes the batch under way. */
  stop(): Promise<void>;
}
