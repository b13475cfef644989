import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventId, headAfter, leafHash, NO_STREAM, resealed, seal } from '../../src/domain/chain.ts';
import type { CommitMetadata, RecordedEvent } from '../../src/domain/event.ts';

const COMMAND = '0199a8f2-6f00-7abc-8def-0123456789ab';
const STREAM = 'execution-1';

const METADATA: CommitMetadata = {
  $correlationId: COMMAND,
  $causationId: COMMAND,
  at: 1_763_942_400_000,
  actor: { id: 'engine', kind: 'engine', via: 'internal' },
  tenant: 'default',
  node: 'local',
  schema: 1,
};

/** Anything that `JSON.stringify` can write, with names and texts of every kind. */
const anything = fc.anything({
  key: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '10', '2', '-1')),
  values: [
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)) }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
  ],
});

const written = anything.filter((value) => JSON.stringify(value) !== undefined);

describe('a JSON text that JSON.stringify wrote', () => {
  it('is written the same again from what was parsed', () => {
    fc.assert(
      fc.property(written, (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is well-formed Unicode', () => {
    fc.assert(
      fc.property(written, (value) => {
        expect(JSON.stringify(value).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('seal', () => {
  it('makes leaves that can be recomputed from what was read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string()), written, (facts, payload) => {
        const commit = seal(STREAM, NO_STREAM, [{ type: 'step.completed', facts, payload }], METADATA);
        const sealed = commit.events[0]!;
        const read: RecordedEvent = {
          position: 1n,
          stream: STREAM,
          revision: 0,
          id: sealed.id,
          type: sealed.type,
          facts: JSON.parse(sealed.facts) as RecordedEvent['facts'],
          payload: sealed.payload,
          commit: { metadata: METADATA, revision: 0, size: 1, previous: '', hash: commit.hash },
        };
        expect(leafHash(resealed(read))).toBe(leafHash(sealed));
      }),
    );
  });

  it('is the same for the same command at the same place, and another at any other', () => {
    const events = [{ type: 'step.completed', facts: {} }];
    const head = { revision: 4, hash: 'x' };
    const commit = seal(STREAM, head, events, METADATA);
    expect(seal(STREAM, head, events, METADATA)).toEqual(commit);
    expect(seal('execution-2', head, events, METADATA).hash).not.toBe(commit.hash);
    expect(seal(STREAM, { ...head, hash: 'y' }, events, METADATA).hash).not.toBe(commit.hash);
    expect(seal(STREAM, { ...head, revision: 5 }, events, METADATA).hash).not.toBe(commit.hash);
    expect(seal(STREAM, head, events, { ...METADATA, at: 1 }).hash).not.toBe(commit.hash);
  });

  it('begins behind the head and ends where the head after it says', () => {
    const commit = seal(
      STREAM,
      { revision: 4, hash: 'x' },
      [
        { type: 'a', facts: {} },
        { type: 'b', facts: {} },
      ],
      METADATA,
    );
    expect(commit).toMatchObject({ stream: STREAM, revision: 5, previous: 'x', at: METADATA.at });
    expect(headAfter(commit)).toEqual({ revision: 6, hash: commit.hash });
  });

  it('refuses a payload that JSON cannot write', () => {
    const sealed = (payload: unknown): unknown =>
      seal(STREAM, NO_STREAM, [{ type: 'a', facts: {}, payload }], METADATA);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => sealed({ big: 1n })).toThrow(TypeError);
    expect(() => sealed(cycle)).toThrow(TypeError);
  });
});

describe('eventId', () => {
  it('is a UUID of version 8', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), fc.nat(0xfffff), (command, revision) => {
        expect(eventId(command, revision)).toMatch(
          /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        );
      }),
    );
  });

  it('differs by revision and by command', () => {
    fc.assert(
      fc.property(fc.nat(0xfffff), fc.nat(0xfffff), (one, two) => {
        expect(eventId(COMMAND, one) === eventId(COMMAND, two)).toBe(one === two);
      }),
    );
    expect(eventId(COMMAND, 1)).not.toBe(eventId('0199a8f2-6f01-7abc-8def-0123456789ab', 1));
  });

  it('keeps of an id all that it does not replace', () => {
    expect(eventId(eventId(COMMAND, 3), 7)).toBe(eventId(COMMAND, 7));
  });
});
