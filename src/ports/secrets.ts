/** Secrets, handed in. */
export interface Secrets {
  /** A new one of 256 random bits that nobody can guess: 43 characters of base64url. */
  next(): string;
}
