import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/registry.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';

describe('the catalogue of projections', () => {
  it.each(PROJECTIONS)('$name has a decision for every event type, and only one', ({ handles, ignores }) => {
    expect([...handles, ...ignores].sort()).toEqual(Object.keys(EVENT_TYPES).sort());
  });

  it('names each projection once, in a form that a collection can be named by', () => {
    const names = PROJECTIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+$/);
  });
});
