import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { eventId } from '../chain.ts';
import type { Commit, CommitMetadata, Facts, RecordedEvent } from '../event.ts';

/** An event: its position, type, facts, and its id where that does not follow from its commit's. */
type Brief = readonly [position: string, type: string, facts: Facts, id?: string];

/** Events of one commit that stand behind each other. */
interface BriefCommit {
  readonly stream: string;
  /** Of the first of the events here. */
  readonly at: number;
  readonly revision: number;
  readonly size: number;
  readonly metadata: CommitMetadata;
  readonly events: readonly Brief[];
}

/** What of a commit's metadata is kept: nothing that may be personal but who caused it, and nothing that no view reads. */
const keptOf = ({
  request,
  traceparent: _trace,
  boot: _boot,
  ...metadata
}: CommitMetadata): CommitMetadata =>
  request === undefined
    ? metadata
    : { ...metadata, request: { id: request.id, operation: request.operation } };

const briefOf = ({ position, type, facts, id, revision, commit }: RecordedEvent): Brief => {
  const brief = [String(position), type, facts] as const;
  return id === eventId(commit.metadata.$causationId, revision) ? brief : [...brief, id];
};

const isNext = (before: RecordedEvent | undefined, event: RecordedEvent): boolean =>
  before !== undefined &&
  before.stream === event.stream &&
  before.commit.hash === event.commit.hash &&
  before.revision + 1 === event.revision;

/** Events in brief, as text: all but their payloads and hashes, and what of their metadata is personal. */
export const condense = (events: readonly RecordedEvent[]): string => {
  const commits: (Omit<BriefCommit, 'events'> & { readonly events: Brief[] })[] = [];
  let before: RecordedEvent | undefined;
  for (const event of events) {
    const { stream, revision, commit } = event;
    if (!isNext(before, event))
      commits.push({
        stream,
        at: revision,
        revision: commit.revision,
        size: commit.size,
        metadata: keptOf(commit.metadata),
        events: [],
      });
    commits.at(-1)?.events.push(briefOf(event));
    before = event;
  }
  return deflateRawSync(JSON.stringify(commits)).toString('base64');
};

/** The events that a text says in brief, in their order; their commits have no hash. Throws for what `condense` did not write. */
export const expand = (text: string): readonly RecordedEvent[] => {
  const commits = JSON.parse(
    inflateRawSync(Buffer.from(text, 'base64')).toString(),
  ) as readonly BriefCommit[];
  return commits.flatMap(({ stream, at, revision, size, metadata, events }) => {
    const commit: Commit = { metadata, revision, size, previous: '', hash: '' };
    return events.map(([position, type, facts, id], index) => ({
      position: BigInt(position),
      stream,
      revision: at + index,
      id: id ?? eventId(metadata.$causationId, at + index),
      type,
      facts,
      payload: undefined,
      commit,
    }));
  });
};

/** Whether an event is there in brief only: its payload is gone, and so is what its stream was. */
export const isCondensed = ({ commit }: Pick<RecordedEvent, 'commit'>): boolean => commit.hash === '';
