import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { current, EVENT_TYPES, SCHEMA } from '../../src/domain/registry.ts';
import { started } from '../projections/samples.ts';
import { happened, record } from '../spec/given.ts';

const recorded = (changes: { readonly type?: string; readonly schema?: number }): RecordedEvent => {
  const [event] = record([happened('execution-1', 0, started())]);
  if (event === undefined) throw new Error('Expected an event.');
  const metadata = { ...event.commit.metadata, schema: changes.schema ?? SCHEMA };
  return { ...event, type: changes.type ?? event.type, commit: { ...event.commit, metadata } };
};

describe('an event of the log', () => {
  it('is taken in the form that this version writes', () => {
    const event = recorded({});
    expect(current(event)).toEqual(event);
  });

  it('is refused when this version has no such type', () => {
    expect(() => current(recorded({ type: 'step.exploded' }))).toThrow(
      'Expected an event type that this version knows, but execution-1@0 has "step.exploded".',
    );
  });

  it('is refused when a newer version wrote it, rather than misread', () => {
    expect(() => current(recorded({ schema: SCHEMA + 1 }))).toThrow(
      `Expected events of schema ${SCHEMA} or earlier, but execution-1@0 was written by schema ${SCHEMA + 1}: this node is older than the one that wrote it.`,
    );
  });
});

describe('the catalogue', () => {
  it('names types as <subject>.<what happened>, known since a schema that there is', () => {
    for (const [type, { since, upcasters }] of Object.entries(EVENT_TYPES)) {
      expect(type).toMatch(/^[a-z]+\.[a-z_]+$/);
      expect(since).toBeGreaterThanOrEqual(1);
      expect(since).toBeLessThanOrEqual(SCHEMA);
      for (const { from } of upcasters) expect(from).toBeLessThan(SCHEMA);
    }
  });
});
