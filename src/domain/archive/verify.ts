import { NO_STREAM, type StreamHead } from '../chain.ts';
import type { RecordedEvent } from '../event.ts';
import { verifyChain } from '../verify-chain.ts';
import {
  digestLines,
  type ArchivedCommit,
  type ArchiveCounts,
  type ArchiveEnd,
  type ArchiveHead,
} from './lines.ts';

/** Whether an archive is what was written, what it holds, and where it is not. */
export interface ArchiveVerdict extends ArchiveCounts {
  readonly head: ArchiveHead | undefined;
  /** Where each stream ends that is what was written, in the order of the archive. */
  readonly ends: readonly (StreamHead & { readonly stream: string })[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** An archive that is being verified, line after line. */
export interface ArchiveCheck {
  line(text: string): void;
  /** To be called behind the last line. */
  verdict(): ArchiveVerdict;
}

/** The events of an archived commit, as a log gives them. */
export const eventsOf = ({
  stream,
  position,
  events,
  ...commit
}: ArchivedCommit): readonly RecordedEvent[] => {
  const whole = { ...commit, size: events.length };
  return events.map(({ id, type, facts, payload }, index) => ({
    position: BigInt(position),
    stream,
    revision: commit.revision + index,
    id,
    type,
    facts,
    payload,
    commit: whole,
  }));
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isCommit = (value: unknown): value is ArchivedCommit =>
  typeof value === 'object' && value !== null && 'stream' in value && 'events' in value;

const isHead = (value: unknown): value is ArchiveHead =>
  typeof value === 'object' && value !== null && 'archive' in value && value.archive === 1;

const isEnd = (value: unknown): value is ArchiveEnd =>
  typeof value === 'object' && value !== null && 'end' in value;

/** Begins to verify an archive: the hash chain of each stream from its first event on, what it holds, and its digest. */
export const checkArchive = (): ArchiveCheck => {
  const problems: { line: number; problem: string }[] = [];
  const digest = digestLines();
  const seen = new Set<string>();
  const counts = { commits: 0, events: 0 };
  let number = 0;
  let head: ArchiveHead | undefined;
  let end: ArchiveEnd['end'] | undefined;
  let stream = '';
  let at: StreamHead | undefined;
  const ends = new Map<string, StreamHead>();
  const tell = (problem: string): void => void problems.push({ line: number, problem });

  const commit = (found: ArchivedCommit): void => {
    if (found.stream !== stream) {
      ({ stream } = found);
      if (seen.has(stream)) tell(`Expected the commits of ${stream} to stand together, but they do not.`);
      seen.add(stream);
      at = NO_STREAM;
    }
    counts.commits += 1;
    counts.events += found.events.length;
    // Behind a commit that is not what was written nothing more can be known of a stream.
    if (at === undefined) return;
    const verdict = verifyChain(stream, eventsOf(found), at);
    if (!verdict.ok) tell(`${stream}@${verdict.revision}: ${verdict.problem}`);
    at = verdict.ok ? verdict.head : undefined;
    if (at === undefined) ends.delete(stream);
    else ends.set(stream, at);
  };

  return {
    line: (text) => {
      number += 1;
      const value = parsed(text);
      if (end !== undefined) return tell('Expected nothing behind the end, but there is something.');
      if (isEnd(value)) {
        ({ end } = value);
        return undefined;
      }
      digest.add(text);
      if (number === 1) {
        if (isHead(value)) head = value;
        else tell('Expected the head of an archive, but found something else.');
        return undefined;
      }
      return isCommit(value) ? commit(value) : tell('Expected a commit, but found something else.');
    },
    verdict: () => {
      const held = { streams: seen.size, ...counts };
      if (end === undefined) tell('Expected the archive to say its end, but it does not: it is cut off.');
      else {
        const { digest: written, ...told } = end;
        const found = digest.value();
        if (found !== written) tell(`Expected lines with the digest ${written}, but they have ${found}.`);
        for (const what of ['streams', 'commits', 'events'] as const)
          if (told[what] !== held[what]) tell(`Expected ${told[what]} ${what}, but found ${held[what]}.`);
      }
      return { head, ends: [...ends].map(([of, end]) => ({ stream: of, ...end })), ...held, problems };
    },
  };
};
