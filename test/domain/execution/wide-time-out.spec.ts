import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/domain/execution/decide.ts';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../../src/domain/execution/state.ts';
import { completed, define, start } from '../../spec/execution.ts';

const wide = define(`
workflow: wide
timeout: 1h
activities:
  - name: each
    timeout: 10m
    fallback: { activity: skip }
    foreach:
      items: "\${input}"
      concurrency: 20
      steps: [{ name: call }, { name: note }]
  - name: last
`);

/** A run whose turns are full after a few events, with a block of 20 branches under way and 20 to be begun. */
const begun = () => {
  let state: ExecutionState = INITIAL;
  const all: ExecutionEvent[] = [];
  const tell = (command: ExecutionCommand) => {
    const context = { executionId: 'e', now: 0, random: () => 0.5, serves: () => true, maxEvents: 8 };
    const decided = decide(wide, state, command, context);
    ({ state } = decided);
    all.push(...decided.events);
    return decided;
  };
  const goOn = (): void => {
    while (tell({ type: 'go_on' }).events.length > 0);
  };
  tell(start({ input: Array.from({ length: 40 }, (_, n) => n) }));
  goOn();
  all.length = 0;
  return {
    tell,
    goOn,
    get state() {
      return state;
    },
    typesOf: (...types: readonly string[]) =>
      all.map(({ type }) => type).filter((type) => types.includes(type)),
  };
};

describe('a wide block whose time is over', () => {
  test('is given up in as many turns as that takes, and nothing of it begins meanwhile', () => {
    const run = begun();
    const { events, unfinished } = run.tell({
      type: 'fire_timer',
      step: 'each',
      dueAt: 600_000,
      limit: 'step',
    });
    expect([events[0]?.type, unfinished]).toEqual(['timer.fired', true]);
    expect(run.tell(completed('each[19].call')).events.map(({ type }) => type)).not.toContain('step.started');
    run.goOn();
    expect(run.typesOf('step.cancelled')).toHaveLength(20);
    expect(run.typesOf('branch.cancelled')).toHaveLength(20);
    expect(run.typesOf('timer.fired', 'step.failed', 'step.skipped', 'step.started')).toEqual([
      'timer.fired',
      'step.failed',
      'step.skipped',
      'step.started',
    ]);
    expect(pendingOf(wide, run.state)).toMatchObject([{ kind: 'attempt', step: 'last' }, { limit: 'run' }]);
  });

  test('is over with the run whose time is over, as far as one turn goes', () => {
    const run = begun();
    run.tell({ type: 'fire_timer', step: '', dueAt: 3_600_000, limit: 'run' });
    expect(run.state.status).toBe('failed');
    expect(run.typesOf('step.cancelled')).toHaveLength(7);
  });
});
