import { jsonEvent, type EventData } from '@eventstore/db-client';
import type { SealedCommit } from '../../domain/chain.ts';
import type { CommitMetadata } from '../../domain/event.ts';

/** Where our own metadata stands; keys that begin with `$` are the server's. */
export const METADATA_KEY = 'sagalog';

/** Our metadata of one event. */
export interface EventMetadata {
  /** Where the event stands in its commit, from 0. */
  readonly index: number;
  /** How many events the commit has. */
  readonly size: number;
  /** The commit itself, with its last event only. */
  readonly commit?: {
    readonly metadata: CommitMetadata;
    readonly previous: string;
    readonly hash: string;
  };
}

/**
 * The events of a commit as EventStoreDB stores them. Their texts are parsed because the client writes them itself;
 * what `JSON.stringify` wrote comes out the same, so the hashes hold for what is read back.
 */
export const storedCommit = (commit: SealedCommit): EventData[] => {
  const metadata = JSON.parse(commit.metadata) as CommitMetadata;
  const { $correlationId, $causationId } = metadata;
  const size = commit.events.length;
  return commit.events.map(({ id, type, facts, payload }, index) => {
    const last = index === size - 1;
    const chain = { metadata, previous: commit.previous, hash: commit.hash };
    const own: EventMetadata = last ? { index, size, commit: chain } : { index, size };
    const data: { facts: unknown; payload?: unknown } = { facts: JSON.parse(facts) };
    if (payload !== undefined) data.payload = JSON.parse(payload);
    return jsonEvent({
      id,
      type,
      data,
      metadata: { $correlationId, $causationId, [METADATA_KEY]: own },
    });
  });
};
