import { expect } from 'vitest';
import type { Caller } from '../../src/commands/caller.ts';
import { eventId } from '../../src/domain/chain.ts';
import type { CommitMetadata, Facts } from '../../src/domain/event.ts';
import type { Json } from '../../src/domain/json.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import type { EventLog } from '../../src/ports/event-log.ts';

/** An event as the log holds it, without what its commit says. */
export interface StoredEvent {
  readonly type: string;
  readonly facts: Facts;
  readonly payload?: Json;
}

/** A commit as the log holds it. */
export interface StoredCommit {
  readonly metadata: CommitMetadata;
  readonly events: readonly StoredEvent[];
}

/** Everything that a stream holds, by commit; expects its chain to be whole and its ids to come from its commands. */
export const commitsOf = async (log: EventLog, stream: string): Promise<readonly StoredCommit[]> => {
  const events = await log.read(stream, { limit: 100_000 });
  expect(verifyChain(stream, events)).toMatchObject({ ok: true });
  for (const { id, revision, commit } of events)
    expect(id).toBe(eventId(commit.metadata.$causationId, revision));
  return [...Map.groupBy(events, ({ commit }) => commit.revision).values()].map((members) => ({
    metadata: members[0]?.commit.metadata as CommitMetadata,
    events: members.map(({ type, facts, payload }) => ({
      type,
      facts,
      ...(payload === undefined ? {} : { payload: JSON.parse(payload) as Json }),
    })),
  }));
};

/** The form of a UUIDv7. */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The form of a UUIDv5. */
export const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What a commit says of itself that answers a command of this caller, exactly. */
export const metadataOf = (
  { actor, tenant, traceparent }: Caller,
  correlation: string,
  at: number,
  definition?: string,
): object => ({
  $correlationId: correlation,
  $causationId: expect.stringMatching(UUID_V7),
  at,
  actor,
  tenant,
  node: 'a-node',
  schema: 1,
  ...(definition === undefined ? {} : { definition }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

/** What a commit says of itself that the engine makes by itself, for an execution that this caller has started. */
export const engineMetadata = (
  { tenant, traceparent }: Caller,
  correlation: string,
  at: number,
  definition?: string,
): object =>
  metadataOf(
    { actor: { id: 'engine', kind: 'engine', via: 'internal' }, tenant, traceparent },
    correlation,
    at,
    definition,
  );
