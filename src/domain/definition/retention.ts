/** How long executions are kept after they have ended. */
export interface Retention {
  /** Milliseconds. */
  readonly after: number;
  /** Whether their events are archived before. */
  readonly archives: boolean;
}
