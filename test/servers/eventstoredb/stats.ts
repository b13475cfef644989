/** What goes on at the server, counted as it happens. */
export interface Stats {
  /** Reads under way, of a stream or of $all. */
  readonly reads: number;
  /** Subscriptions open, to a stream or to $all. */
  readonly subscriptions: number;
  /** Batch streams open: one a client that appends. */
  readonly batchStreams: number;
  /** Reads, subscriptions and batch streams that ended because the client or the connection went away. */
  readonly cancelled: number;
  /** Appends that arrived complete, whatever became of them. */
  readonly appendsSeen: number;
  /** Appends that added events; a repeated one adds none. */
  readonly appendsWritten: number;
  /** Connections open. */
  readonly connections: number;
}

/** Stats that can be counted up and down. */
export type Counters = { -readonly [Name in keyof Stats]: Stats[Name] };

/** All zero. */
export const createCounters = (): Counters => ({
  reads: 0,
  subscriptions: 0,
  batchStreams: 0,
  cancelled: 0,
  appendsSeen: 0,
  appendsWritten: 0,
  connections: 0,
});
