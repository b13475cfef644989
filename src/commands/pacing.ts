/** Has executions begin a little later than they could. */
export interface Pacing {
  /** Everything up to here is durable now. */
  appended(position: bigint): void;
  /** Resolves when one more may begin. Never rejects, and never takes long. */
  turn(): Promise<void>;
}
