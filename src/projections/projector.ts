/** How a projection fares. `waiting`: its store or its log does not answer, and it goes on by itself. */
export type ProjectionState = 'running' | 'catching_up' | 'rebuilding' | 'waiting' | 'stopped';

/** What went wrong, and at which event when it was one. */
export interface ProjectionFault {
  readonly code: string;
  readonly message: string;
  readonly stream: string | null;
  readonly revision: number | null;
  readonly eventId: string | null;
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
  /** How far the rebuild is; null while there is none. */
  readonly rebuild: {
    readonly generation: number;
    readonly position: bigint;
    readonly events: number;
  } | null;
  readonly lastError: ProjectionFault | null;
}

/** How a rebuild ended. */
export interface Rebuilt {
  readonly generation: number;
  /** Events that were folded. */
  readonly events: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Everything up to here is folded into the live documents. */
  readonly position: bigint;
}

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
   * Folds a projection anew from the whole log beside the live one, then swaps.
   * Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, `ProjectionFailure`.
   */
  rebuild(name: string): Promise<Rebuilt>;

  /** Calls back with every progress until the answer is called. */
  onProgress(listener: ProgressListener): () => void;

  /** Finishes the batch under way. */
  stop(): Promise<void>;
}
