import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/domain/definition/definition.ts';
import { decide } from '../../../src/domain/execution/decide.ts';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { INITIAL, type ExecutionState } from '../../../src/domain/execution/state.ts';
import { completed, define, failed, start, undone } from '../../spec/execution.ts';

const AT_ONCE = 50;

const wide = (undo: string): Definition =>
  define(`
workflow: wide
activities:
  - name: each
    foreach:
      items: "\${input}"
      concurrency: ${AT_ONCE}
      steps: [{ name: call, input: { n: "\${item}" } }, { name: note }]
  - name: last
error_handling: { workflow_error: { strategy: compensate } }
compensation: {}
compensation_activities: ${undo}
`);

/** A run as its latest state, without checks that would cost more the longer it is. */
const runOf = (definition: Definition) => {
  let state: ExecutionState = INITIAL;
  const tell = (command: ExecutionCommand): readonly ExecutionEvent[] => {
    const context = { executionId: 'an-execution', now: 0, random: () => 0.5, serves: () => true };
    const { events, state: next } = decide(definition, state, command, context);
    state = next;
    return events;
  };
  return {
    tell,
    get state() {
      return state;
    },
  };
};

/** A run of a loop over so many items, of which half have had their turn. */
const halfway = (definition: Definition, items: number) => {
  const run = runOf(definition);
  run.tell(start({ input: Array.from({ length: items }, (_, n) => n) }));
  for (let n = 0; n < items / 2; n += 1) {
    run.tell(completed(`each[${n}].call`));
    run.tell(completed(`each[${n}].note`));
  }
  return run;
};

/** What a state holds besides the items, which are its input. */
const held = ({ state }: { readonly state: ExecutionState }): number => {
  const { input: _input, steps, ...rest } = state;
  const others = Object.entries(steps).map(([path, { block, ...step }]) => [
    path,
    step,
    block && { ...block, items: [] },
  ]);
  return JSON.stringify([rest, others]).length;
};

describe('a wide loop', () => {
  test('leaves nothing of turns that are over', () => {
    const [few, many] = [halfway(wide('{}'), 400), halfway(wide('{}'), 4_000)];
    expect(Object.keys(many.state.steps)).toHaveLength(AT_ONCE + 1);
    expect(many.state.completed).toEqual([]);
    expect(held(many) - held(few), 'only numbers have more digits').toBeLessThan(1_000);
  });

  test('keeps of turns that are over what can be undone, and what they gave', () => {
    const { state } = halfway(wide('{ call: { activity: undo } }'), 1_000);
    expect(state.kept.flat()).toHaveLength(500);
    expect(state.completed, 'of turns under way').toEqual([]);
  });

  test('is undone in the reverse of the order in which its steps completed', () => {
    const run = runOf(wide('{ call: { activity: undo } }'));
    run.tell(start({ input: Array.from({ length: 100 }, (_, n) => n) }));
    const first = Array.from({ length: AT_ONCE }, (_, n) => n);
    const second = first.map((n) => AT_ONCE + n);
    // Turns end in another order than their first steps do.
    for (const turns of [first, second]) {
      for (const n of turns.toReversed()) run.tell(completed(`each[${n}].call`));
      for (const n of turns) run.tell(completed(`each[${n}].note`));
    }
    const compensating = run.tell(failed('last'))[1];
    expect(compensating).toMatchObject({
      type: 'saga.compensating',
      facts: { steps: [...second, ...first].map((n) => `each[${n}].call`) },
    });
  });

  test('is undone step by step, each with what it gave', () => {
    const run = halfway(
      wide('{ call: { activity: undo, params: { n: "${item}", gave: "${output}" } } }'),
      100,
    );
    for (let n = 50; n < 100; n += 1) {
      run.tell(completed(`each[${n}].call`, 1, n * 2));
      run.tell(completed(`each[${n}].note`));
    }
    let [, undoing] = run.tell(failed('last')).slice(1);
    for (let n = 99; n >= 0; n -= 1) {
      expect(undoing).toMatchObject({
        type: 'step.compensating',
        facts: { step: `each[${n}].call`, attempt: 1 },
        payload: { input: { n, gave: n < 50 ? null : n * 2 } },
      });
      [, undoing] = run.tell(undone(`each[${n}].call`));
    }
    expect(run.state.status).toBe('compensated');
    expect(run.state.compensation?.attempts).toEqual({});
  });
});
