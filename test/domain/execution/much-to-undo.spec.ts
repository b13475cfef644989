import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { decide } from '../../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { evolve } from '../../../src/domain/execution/evolve.ts';
import { INITIAL, type ExecutionState } from '../../../src/domain/execution/state.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const COUNT = 2_000;
const ROOM = 4_096;

const wide = (params = '') =>
  define(`
workflow: wide
activities:
  - name: each
    foreach: { items: "\${input}", concurrency: 100, steps: [{ name: charge, input: 1 }] }
  - name: last
compensation: { activities: [{ name: tell }] }
compensation_activities: { charge: { activity: refund${params} } }
error_handling: { workflow_error: { strategy: compensate } }
`);

/** A run as its latest state, and all its events. */
const runOf = (definition = wide()) => {
  let state: ExecutionState = INITIAL;
  const events: ExecutionEvent[] = [];
  const tell = (command: ExecutionCommand) => {
    const context = { executionId: 'an-execution', now: 0, random: () => 0.5, serves: () => true };
    const decided = decide(definition, state, command, context);
    state = decided.state;
    events.push(...decided.events);
    return decided;
  };
  tell(start({ input: Array.from({ length: COUNT }, (_, n) => n) }));
  for (let n = 0; n < COUNT; n += 1) tell(completed(`each[${n}].charge`));
  return {
    tell,
    events,
    get state() {
      return state;
    },
  };
};

const ORDER = [...Array.from({ length: COUNT }, (_, n) => `each[${COUNT - 1 - n}].charge`), 'tell'];

const named = (events: readonly ExecutionEvent[]): readonly (readonly string[])[] =>
  events.flatMap((event) =>
    event.type === 'saga.compensating' || event.type === 'saga.continued' ? [event.facts.steps] : [],
  );

const sizeOf = (names: readonly string[]): number => names.join('').length;

describe('a run of which much is to be undone', () => {
  test('names it piece by piece, each when all before it is settled, in the one order', () => {
    const run = runOf();
    run.tell(failed('last'));
    expect(run.events.at(-2)).toMatchObject({ type: 'saga.compensating' });
    for (const step of ORDER) {
      expect(run.events.at(-1)).toMatchObject({ type: 'step.compensating', facts: { step, attempt: 1 } });
      run.tell(undone(step));
    }
    expect(run.state.status).toBe('compensated');
    expect(named(run.events).flat()).toEqual(ORDER);
    expect(named(run.events).length).toBeGreaterThan(5);
    expect(named(run.events).filter((names) => sizeOf(names) > ROOM)).toEqual([]);
    const more = run.events.flatMap(({ facts }) => ('more' in facts ? [facts.more] : []));
    expect(more.at(0)).toBe(ORDER.length - (named(run.events)[0]?.length ?? 0));
  });

  test('folds to what was decided', () => {
    const run = runOf();
    run.tell(failed('last'));
    for (const step of ORDER.slice(0, 700)) run.tell(undone(step));
    const folded = run.events.reduce((state, event) => evolve(state, event, 0), INITIAL);
    expect(folded).toEqual(run.state);
    expect(folded.compensation?.settled).toBe(700);
  });

  test('counts the attempts to undo a step on, also when it is named again later', () => {
    const LONG = `book_${'x'.repeat(100)}`;
    const again = define(`
workflow: again
variables: { n: 0 }
activities:
  - name: ${LONG}
    output: { n: "\${output}" }
  - name: on
    set: { variables: { seen: true } }
    when: "\${workflow.n < 60}"
    next: ${LONG}
  - name: last
compensation: {}
compensation_activities: { ${LONG}: { activity: give_back } }
error_handling: { workflow_error: { strategy: compensate } }
`);
    let run = given(again).after(start());
    for (let n = 1; n <= 60; n += 1) run = run.after(completed(LONG, n, n));
    run = run.after(failed('last'));
    expect(run.state.compensation).toMatchObject({ more: 21 });
    for (let n = 1; n <= 60; n += 1) {
      expect(run.state.compensation?.attempts).toEqual({ [LONG]: n });
      run = run.after(undone(LONG, n));
    }
    expect(run.state).toMatchObject({ status: 'compensated', compensation: { attempts: {} } });
  });

  test('says at its end how much was not undone, when that is too much to name', () => {
    const run = runOf();
    run.tell(failed('last'));
    for (const step of ORDER.slice(0, -1)) run.tell(notUndone(step));
    run.tell(undone('tell'));
    const end = run.events.at(-1);
    expect(end).toMatchObject({ type: 'execution.failed', facts: { uncompensatedCount: COUNT } });
    const names = end?.type === 'execution.failed' ? end.facts.uncompensated : [];
    expect(names).toEqual(ORDER.slice(0, names.length));
    expect(sizeOf(names)).toBeLessThanOrEqual(ROOM);
  });

  test('goes on with all that was not undone, also what was not named at the end', () => {
    const run = runOf();
    run.tell(failed('last'));
    for (const step of ORDER.slice(0, -1)) run.tell(step.includes('[5]') ? undone(step) : notUndone(step));
    run.tell(undone('tell'));
    run.tell({ type: 'retry', reason: '' });
    const left = ORDER.slice(0, -1).filter((step) => !step.includes('[5]'));
    for (const step of left) {
      expect(run.events.at(-1)).toMatchObject({ type: 'step.compensating', facts: { step, attempt: 2 } });
      run.tell(undone(step, 2));
    }
    expect(run.state.status).toBe('compensated');
  });

  test('says what was not come to when it is ended', () => {
    const run = runOf();
    run.tell(failed('last'));
    for (const step of ORDER.slice(0, 1_500)) run.tell(undone(step));
    run.tell({ type: 'terminate', reason: '' });
    const end = run.events.at(-1);
    expect(end).toMatchObject({
      type: 'execution.cancelled',
      facts: { uncompensatedCount: ORDER.length - 1_500 },
    });
    const names = end?.type === 'execution.cancelled' ? end.facts.uncompensated : [];
    expect(names?.slice(0, 2)).toEqual(ORDER.slice(1_500, 1_502));
  });

  test('is undone in as many turns as it takes when much of it fails at once', () => {
    const run = runOf(wide(', params: { n: "${output.nothing}" }'));
    let { unfinished, events } = run.tell(failed('last'));
    for (let turns = 0; unfinished && turns < 20; turns += 1) {
      expect(events.length).toBeLessThan(300);
      ({ unfinished, events } = run.tell({ type: 'go_on' }));
    }
    expect(run.events.at(-1)).toMatchObject({ type: 'step.compensating', facts: { step: 'tell' } });
    run.tell(undone('tell'));
    expect(run.state.status).toBe('failed');
  });
});
