import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAssembler, type StoredEvent } from '../../../src/adapters/eventstoredb/assemble-commits.ts';
import { storedCommit } from '../../../src/adapters/eventstoredb/stored-commit.ts';
import { commitHash, leafHash, NO_STREAM, resealed, seal } from '../../../src/domain/chain.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { commitTo } from './support.ts';

const asRead = (commit: ReturnType<typeof commitTo>): StoredEvent[] =>
  storedCommit(commit).map((event, index) => ({
    streamId: commit.stream,
    revision: BigInt(commit.revision + index),
    id: event.id,
    type: event.type,
    data: JSON.parse(JSON.stringify(event.data)),
    metadata: JSON.parse(JSON.stringify(event.metadata)),
    position: { commit: BigInt(1_000 + index) },
  }));

const assemble = (events: readonly StoredEvent[]) => {
  const assembler = createAssembler();
  return events.flatMap((event) => assembler.add(event) ?? []);
};

it('gives back what was sealed, byte for byte, so that its hashes can be computed again', () => {
  const payloads = fc.array(fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.object()), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(payloads, fc.dictionary(fc.string(), fc.string()), (given, facts) => {
      const events = given.map((payload) => ({ type: 'step.completed', facts, payload }));
      const commit = seal('execution-1', NO_STREAM, events, JSON.parse(commitTo('execution-1').metadata));

      const recorded = assemble(asRead(commit));

      expect(recorded.map(resealed)).toEqual(commit.events);
      const [{ commit: found }] = recorded as [RecordedEvent];
      expect(found.size).toBe(events.length);
      const leaves = recorded.map((event) => leafHash(resealed(event)));
      const metadata = JSON.stringify(found.metadata);
      expect(commitHash(found.previous, 'execution-1', found.revision, leaves, metadata)).toBe(found.hash);
      expect(found.hash).toBe(commit.hash);
    }),
  );
});

it('completes a commit that is entered in its middle', () => {
  const recorded = assemble(asRead(commitTo('execution-1', 4)).slice(2));

  expect(recorded.map(({ revision, commit }) => [revision, commit.revision, commit.size])).toEqual([
    [2, 0, 4],
    [3, 0, 4],
  ]);
});

it.each([
  ['an event is missing', (events: StoredEvent[]) => events.toSpliced(1, 1)],
  [
    'another commit begins',
    (events: StoredEvent[]) => events.toSpliced(1, 0, ...asRead(commitTo('execution-2'))),
  ],
  ['it has no facts', (events: StoredEvent[]) => events.map((event) => ({ ...event, data: 'no object' }))],
  [
    'its last event says nothing of it',
    (events: StoredEvent[]) =>
      events.map((event) => ({
        ...event,
        metadata: { sagalog: { index: Number(event.revision), size: 3 } },
      })),
  ],
])('calls a commit corrupt when %s', (_, change) => {
  const events = change(asRead(commitTo('execution-1', 3)));

  expect(() => assemble(events)).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT' }));
});
