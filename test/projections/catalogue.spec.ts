import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/registry.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';

describe('the catalogue of projections', () => {
  it.each(PROJECTIONS)('$name has a decision for every event type, and only one', ({ handles, ignores }) => {
    expect([...handles, ...ignores].sort()).toEqual(Object.keys(EVENT_TYPES).sort());
  });

  it('has views of single executions that forget those that are removed, and figures that do not', () => {
    const forgetting = PROJECTIONS.filter(({ forgets }) => forgets !== undefined).map(({ name }) => name);
    expect(forgetting).toEqual(['executions', 'timeline', 'approvals', 'notices', 'notifications', 'logs']);
    const slow = PROJECTIONS.filter(
      ({ forgets = 'key', indexes }) =>
        forgets !== 'key' && !indexes.some(({ fields }) => fields[0] === forgets.field),
    );
    expect(slow).toEqual([]);
  });

  it('has views that several can fold, each some of the executions', () => {
    const byExecution = PROJECTIONS.filter(({ isOfOneExecution }) => isOfOneExecution);
    expect(byExecution.map(({ name }) => name)).toEqual([
      'executions',
      'timeline',
      'approvals',
      'logs',
      'audit',
    ]);
  });

  it('names each projection once, in a form that a collection can be named by', () => {
    const names = PROJECTIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+$/);
  });
});
