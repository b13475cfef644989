/** What threads beside the one that serves are called. */
export type ThreadName = 'projector' | 'journal_copier' | 'log_writer' | 'rebuild_hand';

/** How a thread fares. */
export interface ThreadStatus {
  readonly name: ThreadName;
  /** How often it has ended that was not to, or could not be started again. */
  readonly ends: number;
  /** What it has ended with the last time, until it works again. */
  readonly failure: Error | undefined;
}

/** Who is told how a thread fares. */
export interface ThreadWatch {
  /** It has ended that was not to, with what ended it if that was an error; it is started again. */
  ended(failure: unknown): void;
  /** It works, or works again. */
  works(): void;
}

/** Threads beside the one that serves. */
export interface Threads {
  /** A thread that there is from now on, and works. */
  watch(name: ThreadName): ThreadWatch;
  list(): readonly ThreadStatus[];
}
