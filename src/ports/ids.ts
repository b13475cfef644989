/** Identifiers and randomness, handed in. */
export interface Ids {
  /** A new UUIDv7, greater than every one before it from this source. */
  next(): string;
  /** A number in [0, 1). */
  random(): number;
}
