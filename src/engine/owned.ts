/** Which executions a node runs. Whoever does not run one still takes commands for it: its owner goes on. */
export interface Owned {
  /** Whether it is this node's, as far as it knows. */
  owns(executionId: string): boolean;
  /** Whether it is certainly this node's now: calls may be made for it. */
  holds(executionId: string): boolean;
  /** Whether calls may also be begun for it: not while it is being handed over. */
  takes(executionId: string): boolean;
  /** Resolves with true once it is certainly this node's, and with false when it is another's. */
  whenHeld(executionId: string): Promise<boolean>;
}

/** A node alone runs everything. */
export const OWNS_ALL: Owned = Object.freeze({
  owns: () => true,
  holds: () => true,
  takes: () => true,
  whenHeld: () => Promise.resolve(true),
});
