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

  /**
   * The lines of the archive of that name, as they were written. Rejects with `ArchiveNotFound`, and with
   * `ArchiveUnreadable` for what is no archive, or is cut off.
   */
  read(name: string): AsyncIterable<string>;
}

/** There is no archive of that name. */
export class ArchiveNotFound extends Error {
  readonly code = 'ARCHIVE_NOT_FOUND';

  constructor(name: string, cause?: unknown) {
    super(`Expected the name of an archive, but there is none called ${JSON.stringify(name)}.`, { cause });
    this.name = 'ArchiveNotFound';
  }
}

/** What is kept cannot be unpacked. */
export class ArchiveUnreadable extends Error {
  readonly code = 'ARCHIVE_UNREADABLE';

  constructor(name: string, cause: unknown) {
    const found = cause instanceof Error ? cause.message : String(cause);
    super(`Expected ${name} to be an archive, but it cannot be unpacked: ${found}.`, { cause });
    this.name = 'ArchiveUnreadable';
  }
}
