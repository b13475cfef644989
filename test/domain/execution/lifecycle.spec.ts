import { describe, expect, test } from 'vitest';
import { evolve, IllegalEvent } from '../../../src/domain/execution/evolve.ts';
import { isFinal, TRANSITIONS, type Lifecycle } from '../../../src/domain/execution/lifecycle.ts';
import { INITIAL } from '../../../src/domain/execution/state.ts';
import { EVENT_TYPES } from '../../../src/domain/registry.ts';

const statuses = Object.keys(TRANSITIONS) as Lifecycle[];

describe('the life cycle', () => {
  test.each(statuses)('%s is final when nothing can happen to it', (status) => {
    expect(isFinal(status)).toBe(Object.keys(TRANSITIONS[status]).length === 0);
  });

  test('has a place for every event of an execution', () => {
    const placed = new Set(Object.values(TRANSITIONS).flatMap((transitions) => Object.keys(transitions)));
    const known = Object.keys(EVENT_TYPES).filter((type) => !/^(workflow|event|partition|node)\./.test(type));
    expect([...placed].sort()).toEqual(known.sort());
  });

  test('an event that cannot happen is refused', () => {
    const event = {
      type: 'execution.cancelled',
      facts: { workflow: 'w', definition: 'd', startedAt: 0, duration: 0, from: 'running' },
      payload: { reason: '' },
    } as const;
    expect(() => evolve(INITIAL, event, 0)).toThrow(IllegalEvent);
  });
});
