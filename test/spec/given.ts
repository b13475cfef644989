import { expect } from 'vitest';
import { headAfter, NO_STREAM, seal, type SealedCommit, type StreamHead } from '../../src/domain/chain.ts';
import type { CommitMetadata, RecordedEvent } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import {
  current,
  type EventOf,
  type EventType,
  type Recorded,
  type SagalogEvent,
} from '../../src/domain/registry.ts';
import { entityOf } from '../../src/domain/stream.ts';
import type { Projection } from '../../src/projections/projection.ts';

/** Events that were decided together. */
export interface Happened {
  readonly stream: string;
  readonly at: number;
  readonly events: readonly SagalogEvent[];
  readonly actor?: CommitMetadata['actor']['kind'];
  /** Hash of the definition that they were decided by. */
  readonly definition?: string;
}

/** These events were decided together at a time (ms since the Unix epoch). */
export const happened = (stream: string, at: number, ...events: readonly SagalogEvent[]): Happened => ({
  stream,
  at,
  events,
});

/** The commits of a history, in its order; it goes on behind `heads`, which then say where its streams end. */
export const sealAll = (
  history: readonly Happened[],
  heads = new Map<string, StreamHead>(),
): readonly SealedCommit[] => {
  return history.map(({ stream, at, events, actor = 'engine', definition }, index) => {
    const metadata: CommitMetadata = {
      $correlationId: 'a-correlation',
      $causationId: `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
      at,
      actor: { id: 'somebody@example.org', kind: actor, via: 'none' },
      tenant: 'default',
      node: 'a-node',
      schema: 1,
      ...(definition === undefined ? {} : { definition }),
    };
    const commit = seal(stream, heads.get(stream) ?? NO_STREAM, events, metadata);
    heads.set(stream, headAfter(commit));
    return commit;
  });
};

/** A history as it stands in a log that holds nothing else. */
export const record = (history: readonly Happened[]): readonly RecordedEvent[] => {
  let position = 0n;
  return sealAll(history).flatMap(({ stream, revision, events, metadata, previous, hash }) => {
    const commit = {
      metadata: JSON.parse(metadata) as CommitMetadata,
      revision,
      size: events.length,
      previous,
      hash,
    };
    return events.map(({ id, type, facts, payload }, index): RecordedEvent => {
      position += 1n;
      const parsed = JSON.parse(facts) as RecordedEvent['facts'];
      return { position, stream, revision: revision + index, id, type, facts: parsed, payload, commit };
    });
  });
};

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** What told of an execution before it was back. */
const tellingOf = (
  { stream, position, facts }: RecordedEvent,
  events: readonly RecordedEvent[],
): readonly RecordedEvent[] => {
  const { notifications } = facts as unknown as EventOf<'execution.restored'>['facts'];
  const streams = new Set([stream, ...notifications.map((id) => `notification-${id}`)]);
  return events.filter(
    (event) =>
      event.position < position &&
      streams.has(event.stream) &&
      !['execution.removed', 'execution.restored'].includes(event.type),
  );
};

/** The documents that a projection makes of events, folded one by one with all state frozen. */
export const fold = <Doc extends JsonObject, Type extends EventType>(
  projection: Projection<Doc, Type>,
  events: readonly RecordedEvent[],
): ReadonlyMap<string, Doc> => {
  const documents = new Map<string, Doc>();
  const handles = new Set<string>(projection.handles);
  const { forgets } = projection;
  for (const found of events) {
    if (found.type === 'execution.removed' && forgets !== undefined)
      for (const [key, doc] of documents)
        if ((forgets === 'key' ? key : doc[forgets.field]) === entityOf(found.stream)) documents.delete(key);
    if (found.type === 'execution.restored' && forgets !== undefined)
      for (const [key, doc] of fold(projection, tellingOf(found, events))) documents.set(key, doc);
    if (!handles.has(found.type)) continue;
    const event = frozen(current(found)) as Recorded<Type>;
    const key = projection.keyOf(event);
    if (key !== undefined) documents.set(key, frozen(projection.evolve(documents.get(key), event)));
  }
  return documents;
};

/** A projection of a history. */
export interface Given<Doc> {
  /** Goes on with what happened next. */
  when(...history: readonly Happened[]): Given<Doc>;
  /** Expects exactly these documents, each at least with these fields. */
  thenShows(documents: Readonly<Record<string, object>>): void;
  /** Expects one of the documents, with exactly these fields. */
  thenExactly(key: string, document: Doc): void;
  readonly documents: ReadonlyMap<string, Doc>;
}

/** A projection of a history, which may be empty. */
export const given = <Doc extends JsonObject, Type extends EventType>(
  projection: Projection<Doc, Type>,
  ...history: readonly Happened[]
): Given<Doc> => {
  const documents = fold(projection, record(history));
  return {
    documents,
    when: (...next) => given(projection, ...history, ...next),
    thenShows: (expected) => {
      expect([...documents.keys()].sort()).toEqual(Object.keys(expected).sort());
      expect(Object.fromEntries(documents)).toMatchObject(expected);
    },
    thenExactly: (key, document) => expect(documents.get(key)).toEqual(document),
  };
};
