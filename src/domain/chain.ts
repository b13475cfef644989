import { hash } from 'node:crypto';
import type { CommitMetadata, DomainEvent, RecordedEvent } from './event.ts';

/** Where a stream ends: the revision of its last event and the hash of its last commit. */
export interface StreamHead {
  readonly revision: number;
  readonly hash: string;
}

/** The head of a stream that has no event. */
export const NO_STREAM: StreamHead = { revision: -1, hash: '' };

/** An event as it is stored: its parts as JSON texts, just as they were hashed. */
export interface SealedEvent {
  readonly id: string;
  readonly type: string;
  readonly facts: string;
  readonly payload: string | undefined;
}

/** Events ready to be appended at one place of one stream, all or nothing. */
export interface SealedCommit {
  readonly stream: string;
  /** Revision of the first event; the append expects the stream to end just before it. */
  readonly revision: number;
  readonly events: readonly SealedEvent[];
  readonly metadata: string;
  readonly at: number;
  readonly previous: string;
  readonly hash: string;
}

const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/**
 * The id of the event that a command puts at a revision: a UUID (version 8) made of both,
 * so that a repeated append carries the same ids and two commands never share one.
 */
export const eventId = (command: string, revision: number): string =>
  `${command.slice(0, 14)}8${command.slice(15, 31)}${(revision & 0xfffff).toString(16).padStart(5, '0')}`;

/** The hash of one event: it can be proven, or withheld, on its own. */
export const leafHash = (event: SealedEvent): string =>
  sha256(`${event.id}\n${event.type}\n${event.facts}\n${event.payload ?? ''}`);

/** The hash of a commit: it covers the commit before it, its place, its events and its metadata. */
export const commitHash = (
  previous: string,
  stream: string,
  revision: number,
  leaves: readonly string[],
  metadata: string,
): string => sha256(`${previous}\n${stream}\n${revision}\n${leaves.join('\n')}\n${metadata}`);

/**
 * Makes events ready to be appended behind `head`: written as JSON, given ids, chained by hash.
 * Throws a `TypeError` when a payload cannot be written as JSON.
 */
export const seal = (
  stream: string,
  head: StreamHead,
  events: readonly DomainEvent<string, object, unknown>[],
  metadata: CommitMetadata,
): SealedCommit => {
  const revision = head.revision + 1;
  const sealed: SealedEvent[] = [];
  const leaves: string[] = [];
  for (const event of events) {
    const next: SealedEvent = {
      id: eventId(metadata.$causationId, revision + sealed.length),
      type: event.type,
      facts: JSON.stringify(event.facts),
      payload: event.payload === undefined ? undefined : JSON.stringify(event.payload),
    };
    sealed.push(next);
    leaves.push(leafHash(next));
  }
  const text = JSON.stringify(metadata);
  return {
    stream,
    revision,
    events: sealed,
    metadata: text,
    at: metadata.at,
    previous: head.hash,
    hash: commitHash(head.hash, stream, revision, leaves, text),
  };
};

/** The head of the stream once the commit is durable. */
export const headAfter = (commit: SealedCommit): StreamHead => ({
  revision: commit.revision + commit.events.length - 1,
  hash: commit.hash,
});

/** The sealed form of an event read back, recomputed from its parsed parts. */
export const resealed = (event: RecordedEvent): SealedEvent => ({
  id: event.id,
  type: event.type,
  facts: JSON.stringify(event.facts),
  payload: event.payload,
});
