import { createHash } from 'node:crypto';
import type { Commit, Facts, RecordedEvent } from '../event.ts';

/** What an archive begins with. */
export interface ArchiveHead {
  /** Version of the form that it is written in. */
  readonly archive: 1;
  readonly workflow: string;
  readonly batch: number;
}

/** A commit as it is archived; the payload is the text that was hashed. */
export interface ArchivedCommit extends Omit<Commit, 'size'> {
  readonly stream: string;
  /** Of its last event, as text: where it stood in the log that it is from. */
  readonly position: string;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly facts: Facts;
    readonly payload?: string;
  }[];
}

/** What an archive holds. */
export interface ArchiveCounts {
  readonly streams: number;
  readonly commits: number;
  readonly events: number;
}

/** What an archive ends with: what it holds, and the SHA-256 of all lines before, with their line feeds. */
export interface ArchiveEnd {
  readonly end: ArchiveCounts & { readonly digest: string };
}

/** A digest of lines. */
export interface LinesDigest {
  add(line: string): void;
  value(): string;
}

/** A digest of no lines yet. */
export const digestLines = (): LinesDigest => {
  const digest = createHash('sha256');
  return {
    add: (line) => void digest.update(`${line}\n`),
    value: () => `sha256:${digest.digest('hex')}`,
  };
};

/** The commit of events, all of which it is, in their order; nothing for none. */
export const archivedCommit = (events: readonly RecordedEvent[]): readonly ArchivedCommit[] => {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return [];
  const { revision, previous, hash, metadata } = first.commit;
  const written = events.map(({ id, type, facts, payload }) => ({
    id,
    type,
    facts,
    ...(payload === undefined ? {} : { payload }),
  }));
  const place = { stream: first.stream, position: String(last.position) };
  return [{ ...place, revision, previous, hash, metadata, events: written }];
};
