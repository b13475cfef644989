import {
  archivedCommit,
  digestLines,
  type ArchiveEnd,
  type ArchiveHead,
} from '../../domain/archive/lines.ts';
import type { RecordedEvent } from '../../domain/event.ts';

/**
 * The lines of an archive, each JSON: a head, a line a commit, stream after stream, and what it ends with. `streams`
 * gives the events of one after the other, each from its first event on, in pieces of any size.
 */
export async function* archiveLines(
  head: Omit<ArchiveHead, 'archive'>,
  streams: AsyncIterable<readonly RecordedEvent[]>,
): AsyncGenerator<string> {
  const digest = digestLines();
  const counts = { streams: 0, commits: 0, events: 0 };
  let open: RecordedEvent[] = [];
  let stream: string | undefined;
  const line = (value: object): string => {
    const text = JSON.stringify(value);
    digest.add(text);
    return text;
  };
  const commitLines = (): readonly string[] => {
    const commits = archivedCommit(open);
    counts.commits += commits.length;
    counts.events += open.length;
    open = [];
    return commits.map(line);
  };
  yield line({ archive: 1, ...head } satisfies ArchiveHead);
  for await (const events of streams) {
    for (const event of events) {
      const [first] = open;
      if (first !== undefined && (first.stream !== event.stream || first.commit.hash !== event.commit.hash))
        yield* commitLines();
      if (event.stream !== stream) counts.streams += 1;
      ({ stream } = event);
      open.push(event);
    }
  }
  yield* commitLines();
  yield JSON.stringify({ end: { ...counts, digest: digest.value() } } satisfies ArchiveEnd);
}
