/** Time, handed in: the real one in the product, a virtual one in simulation. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `fire` once at or after `at` (ms since the Unix epoch), also when that is years away. */
  schedule(at: number, fire: () => void): Timer;
}

/** A scheduled call. */
export interface Timer {
  /** The call is not made any more; harmless when it was. */
  cancel(): void;
}
