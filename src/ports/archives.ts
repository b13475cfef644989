/** An archive that is kept. */
export interface StoredArchive {
  readonly name: string;
  /** `sha256:` of its bytes. */
  readonly digest: string;
  readonly bytes: number;
}

/** Where archives are kept. */
export interface Archives {
  /**
   * Keeps lines under a name that begins with the title and is no other archive's, and resolves once they are durable.
   * When it rejects there is no archive; what is left of it may go at any time.
   */
  write(title: string, lines: AsyncIterable<string>): Promise<StoredArchive>;
}
