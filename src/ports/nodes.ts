/** A node as the leases tell it. */
export interface NodeStatus {
  readonly name: string;
  /** Whether it is the one that answers. */
  readonly self: boolean;
  /** Partitions that it holds, ascending. */
  readonly partitions: readonly number[];
  /** Whether it folds the views that are shared. */
  readonly folds: boolean;
  /** When the first of its leases ends unless it is renewed, ms since the Unix epoch; `undefined` when none can. */
  readonly leaseUntil: number | undefined;
}

/** The nodes that share the log. */
export interface Nodes {
  /** Every node that is alive as far as its leases say, by name. */
  list(): readonly NodeStatus[];
}
