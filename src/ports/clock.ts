/** Time, handed in: the real one in the product, a virtual one in simulation. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `fire` once at or after `at` (ms since the Unix epoch), also when that is years away: for what is due at a date. */
  schedule(at: number, fire: () => void): Timer;
  /**
   * Calls `fire` once when at least `ms` milliseconds have passed, whatever `now` is set to meanwhile: for every pause
   * and time-out.
   */
  after(ms: number, fire: () => void): Timer;
}

/** A scheduled call. */
export interface Timer {
  /** The call is not made any more; harmless when it was. */
  cancel(): void;
}
