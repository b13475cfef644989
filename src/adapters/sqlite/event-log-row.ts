import { eventId, type SealedCommit, type SealedEvent } from '../../domain/chain.ts';
import type { Commit, CommitMetadata, Facts, RecordedEvent } from '../../domain/event.ts';
import { CommitTooLarge } from '../../ports/event-log.ts';

/** A value that is bound to a statement. */
export type Value = string | number;

/** Values of one commit in the order of the table, without its position. */
export const ROW_SIZE = 10;

/** The columns that `decode` wants for events without payloads, in its order. */
export const BARE = 'position, stream, revision, n, id, previous, hash, metadata, facts';

/** Those that it wants for whole events. */
export const COLUMNS = `${BARE}, payloads`;

/** A row of `BARE`. */
export type BareRow = readonly [
  position: number,
  stream: string,
  revision: number,
  n: number,
  id: string,
  previous: string,
  hash: string,
  metadata: string,
  facts: string,
];

/** A row of `COLUMNS`. */
export type StoredRow = readonly [...BareRow, payloads: string];

/** A row of either. */
export type AnyRow = readonly [...BareRow, payloads?: string];

const idColumn = (revision: number, events: readonly SealedEvent[]): string => {
  const first = events[0]?.id ?? '';
  // `eventId` keeps what it does not replace, so the first id stands for the command's.
  return events.every(({ id }, index) => id === eventId(first, revision + index))
    ? first
    : JSON.stringify(events.map(({ id }) => id));
};

const byteLength = (texts: readonly Value[]): number =>
  texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 8), 0);

/** How much a row holds, in characters. */
export const characters = (texts: readonly Value[]): number =>
  texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 8), 0);

/**
 * The row of a commit: texts only, so that it crosses threads cheaply. Events' types, facts and
 * the lengths of their payloads are one JSON array; the payloads follow each other in one text.
 * Throws `CommitTooLarge`, and a `RangeError` for a commit that no log can hold.
 */
export const encode = (commit: SealedCommit, maxBytes: number): Value[] => {
  const { stream, revision, events } = commit;
  if (events.length === 0)
    throw new RangeError(`Expected a commit to ${stream} of some events, but it has none.`);
  if (!stream.isWellFormed()) {
    throw new RangeError(
      `Expected a stream's name in well-formed Unicode, but found ${JSON.stringify(stream)}.`,
    );
  }
  let facts = '[';
  let payloads = '';
  for (const event of events) {
    if (facts.length > 1) facts += ',';
    facts += `${JSON.stringify(event.type)},${event.facts},${event.payload?.length ?? -1}`;
    if (event.payload !== undefined) payloads += event.payload;
  }
  const row = [
    stream,
    revision,
    events.length,
    commit.at,
    idColumn(revision, events),
    commit.previous,
    commit.hash,
    commit.metadata,
    `${facts}]`,
    payloads,
  ];
  if (characters(row) * 3 > maxBytes) {
    const size = byteLength(row);
    if (size > maxBytes) throw new CommitTooLarge(stream, size, maxBytes);
  }
  return row;
};

/** Whether the events of a row were given up: its place and its hashes are all that is left. */
export const isTruncated = (row: AnyRow): boolean => row[8] === '';

const metadataOf = (row: AnyRow): CommitMetadata => JSON.parse(row[7]) as CommitMetadata;

const commitOf = (row: AnyRow): Commit => {
  const [, , revision, size, , previous, hash] = row;
  // Whoever wants no payloads folds facts and looks at all metadata: to put it off takes longer than it does.
  if (row[9] === undefined) return { metadata: metadataOf(row), revision, size, previous, hash };
  let metadata: CommitMetadata | undefined;
  return {
    // Half of those who read whole commits never look at their metadata, and parsing costs more than the rest.
    get metadata() {
      return (metadata ??= metadataOf(row));
    },
    revision,
    size,
    previous,
    hash,
  };
};

const decodeWhole = (row: AnyRow, first: number, end: number, events: RecordedEvent[]): void => {
  const [position, stream, revision, n, id, , , , facts, payloads] = row;
  const parts = JSON.parse(facts) as (string | Facts | number)[];
  const ids = id.startsWith('[') ? (JSON.parse(id) as string[]) : undefined;
  const commit = commitOf(row);
  let offset = 0;
  for (let index = 0; index < n && index < end; index += 1) {
    const length = parts[3 * index + 2] as number;
    const behind = length < 0 ? offset : offset + length;
    if (index >= first) {
      events.push({
        position: BigInt(position + index),
        stream,
        revision: revision + index,
        id: ids?.[index] ?? (index === 0 ? id : eventId(id, revision + index)),
        type: parts[3 * index] as string,
        facts: parts[3 * index + 1] as Facts,
        payload: length < 0 ? undefined : payloads?.slice(offset, behind),
        commit,
      });
    }
    offset = behind;
  }
};

/**
 * Adds the events of a row to `events`: those from index `first` up to before index `end`; none of one that was truncated.
 * Throws a `SyntaxError` that says which commit cannot be read.
 */
export const decode = (row: AnyRow, first: number, end: number, events: RecordedEvent[]): void => {
  if (isTruncated(row)) return;
  try {
    decodeWhole(row, first, end, events);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [position, stream, revision] = row;
    throw new SyntaxError(
      `the commit to ${stream} at revision ${revision} (position ${position}) is no JSON: ${error.message}`,
      { cause: error },
    );
  }
};
