import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SealedCommit } from '../../src/domain/chain.ts';
import type { Facts, RecordedEvent, CommitMetadata } from '../../src/domain/event.ts';
import type { ExecutionState } from '../../src/domain/execution/state.ts';
import type { Pending } from '../../src/domain/execution/pending.ts';
import type { JsonObject } from '../../src/domain/json.ts';

/** An event as it is kept in a file. */
export interface KeptEvent {
  readonly id: string;
  readonly type: string;
  readonly facts: Facts;
  readonly payload?: string;
}

/** A commit as it is kept in a file; its first event stands at `position` of its log. */
export interface KeptCommit {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly previous: string;
  readonly hash: string;
  readonly metadata: CommitMetadata;
  readonly events: readonly KeptEvent[];
}

/** A whole log with one execution, as a version of Sagalog wrote it, and what that version made of it. */
export interface History {
  readonly name: string;
  readonly executionId: string;
  readonly commits: readonly KeptCommit[];
  readonly state: ExecutionState;
  /** Nothing when it has ended. */
  readonly pending: readonly Pending[];
  /** What follows when it is taken up by a server that knows nothing of it: types and facts. */
  readonly next: readonly { readonly type: string; readonly facts: JsonObject }[];
  /** By projection and key. */
  readonly documents: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

/** Where histories are kept. */
export const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** Every history that is kept, by name. */
export const readHistories = (): readonly History[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as History);

/** The events of a history as a log gives them, in its order. */
export const recordedEvents = ({ commits }: Pick<History, 'commits'>): readonly RecordedEvent[] =>
  commits.flatMap(({ position, stream, revision, previous, hash, metadata, events }) => {
    const commit = { metadata, revision, size: events.length, previous, hash };
    return events.map(({ id, type, facts, payload }, n): RecordedEvent => {
      const at = BigInt(position + n);
      return { position: at, stream, revision: revision + n, id, type, facts, payload, commit };
    });
  });

/** The commits of a history as they were appended. */
export const sealedCommits = ({ commits }: History): readonly SealedCommit[] =>
  commits.map(({ stream, revision, previous, hash, metadata, events }) => ({
    stream,
    revision,
    previous,
    hash,
    at: metadata.at,
    metadata: JSON.stringify(metadata),
    events: events.map(({ id, type, facts, payload }) => ({
      id,
      type,
      facts: JSON.stringify(facts),
      payload,
    })),
  }));

/** Events of a log as they are kept. */
export const keptCommits = (events: readonly RecordedEvent[]): readonly KeptCommit[] =>
  [...Map.groupBy(events, ({ commit }) => commit).entries()].map(
    ([{ metadata, revision, previous, hash }, members]) => ({
      position: Number(members[0]?.position),
      stream: members[0]?.stream ?? '',
      revision,
      previous,
      hash,
      metadata,
      events: members.map(({ id, type, facts, payload }) => ({
        id,
        type,
        facts,
        ...(payload === undefined ? {} : { payload }),
      })),
    }),
  );
