import { jsonEvent, type EventData } from '@eventstore/db-client';
import { eventId, type SealedCommit } from '../../domain/chain.ts';
import type { CommitMetadata } from '../../domain/event.ts';
import { CATEGORIES } from '../../domain/stream.ts';

/** Where our own metadata stands; keys that begin with `$` are the server's. */
export const METADATA_KEY = 'sagalog';

/** How the names of our streams begin, which is what a server can select them by. */
export const STREAM_PREFIXES: readonly string[] = CATEGORIES;

/** Whether a stream can be one of ours. */
export const isOurStream = (stream: string): boolean =>
  STREAM_PREFIXES.some((prefix) => stream.startsWith(prefix));

/** Our metadata of one event. */
export interface EventMetadata {
  /** Where the event stands in its commit, from 0. */
  readonly index: number;
  /** How many events the commit has. */
  readonly size: number;
  /** The event's id, where it is not the one that follows from its command and its revision. */
  readonly id?: string;
  /** The commit itself, with its last event only. */
  readonly commit?: {
    readonly metadata: CommitMetadata;
    readonly previous: string;
    readonly hash: string;
  };
}

// EventStoreDB takes an append for a repeated one when the ids are the same, whatever else differs. So its ids come
// from the commit's hash: another commit with our ids at the same place is a conflict, and the chain stays whole.
const storeIds = (hash: string): ((index: number) => string) => {
  const hex = Buffer.from(hash, 'base64url').toString('hex').padEnd(32, '0');
  const start = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 24)}`;
  return (index) => start + index.toString(16).padStart(8, '0');
};

/**
 * The events of a commit as EventStoreDB stores them. Their texts are parsed because the client writes them itself;
 * what `JSON.stringify` wrote comes out the same, so the hashes hold for what is read back.
 */
export const storedCommit = (commit: SealedCommit): EventData[] => {
  const metadata = JSON.parse(commit.metadata) as CommitMetadata;
  const { $correlationId, $causationId } = metadata;
  const size = commit.events.length;
  const storeId = storeIds(commit.hash);
  return commit.events.map(({ id, type, facts, payload }, index) => {
    const follows = id === eventId($causationId, commit.revision + index);
    const own: EventMetadata = {
      index,
      size,
      ...(follows ? undefined : { id }),
      ...(index === size - 1
        ? { commit: { metadata, previous: commit.previous, hash: commit.hash } }
        : undefined),
    };
    const data: { facts: unknown; payload?: unknown } = { facts: JSON.parse(facts) };
    if (payload !== undefined) data.payload = JSON.parse(payload);
    return jsonEvent({
      id: storeId(index),
      type,
      data,
      metadata: { $correlationId, $causationId, [METADATA_KEY]: own },
    });
  });
};
