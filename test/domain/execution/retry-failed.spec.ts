import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { stepOf } from '../../../src/domain/execution/state.ts';
import {
  completed,
  define,
  failed,
  given,
  notUndone,
  start,
  undone,
  type Given,
} from '../../spec/execution.ts';

const retry: ExecutionCommand = { type: 'retry', reason: 'mended' };
const signal = (name: string): ExecutionCommand => ({ type: 'signal', signal: name, payload: name });
const set = (variables: Record<string, number>): ExecutionCommand => ({
  type: 'set_variables',
  variables,
  reason: '',
});
const forGood = (step: string, attempt: number): ExecutionCommand =>
  ({ ...failed(step, attempt), retry: 'never' }) as ExecutionCommand;

describe('a failed run that is retried', () => {
  const two = define(`
workflow: two
activities:
  - name: one
    output: { n: "\${output}" }
  - name: other
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
    fallback: { activity: mend }
`);
  const gone = () =>
    given(two)
      .after(start())
      .after(completed('one', 1, 1))
      .after(failed('other'))
      .after({ type: 'fire_timer', step: 'other', dueAt: 1_000 })
      .after(failed('other', 2))
      .after(forGood('other', 3));

  test('goes on with its failed step, from its own activity, with all its tries', () => {
    expect(gone().state.status).toBe('failed');
    gone()
      .when(retry)
      .thenEvents(
        {
          type: 'execution.retried',
          facts: { workflow: 'two', step: 'other', blocks: [] },
          payload: { reason: 'mended' },
        },
        { type: 'step.started', facts: { activity: 'other', attempt: 4, fallback: false } },
      );
    gone().after(retry).when(failed('other', 4)).thenTypes('step.retry_scheduled');
    gone().after(retry).when(completed('other', 4)).thenTypes('step.completed', 'execution.completed');
  });

  test('fails and is retried as often as one likes', () => {
    const again = gone().after(retry).after(forGood('other', 4)).after(forGood('other', 5));
    expect(again.state.status).toBe('failed');
    again.when(retry).thenTypes('execution.retried', 'step.started');
  });

  test('goes on with the variables that were set since', () => {
    expect(
      gone()
        .after(set({ n: 2 }))
        .after(retry).state.variables,
    ).toEqual({ n: 2 });
    expect(gone().after(set({ n: 2 })).state.status).toBe('failed');
  });

  test('is as it was before, but for the step', () => {
    const before = given(two)
      .after(start())
      .after(completed('one', 1, 1));
    const { steps, ...rest } = gone().after(retry).state;
    const { steps: stepsBefore, ...restBefore } = before.state;
    expect(rest).toEqual(restBefore);
    expect(steps['one']).toEqual(stepsBefore['one']);
    expect(rest).not.toHaveProperty('failing');
  });

  test('has nothing to go on with when it failed before its first step', () => {
    const unknown = define('workflow: odd\nvariables: { a: "${input.a}" }\nactivities:\n  - name: one\n');
    given(unknown).after(start()).whenRefused(retry, 'NOTHING_TO_RETRY');
  });

  test('asks a guard again that could not be evaluated', () => {
    const guarded = define(`
workflow: guarded
variables: { n: 1 }
activities:
  - name: one
    when: "\${workflow.n > 1}"
  - name: two
    when: "\${workflow.n / (workflow.n - 1) > 0}"
`);
    const broken = given(guarded).after(start());
    expect(broken.state.failure).toMatchObject({ step: 'two' });
    broken.when(retry).thenTypes('execution.retried', 'step.failed', 'execution.failed');
    broken
      .after(set({ n: 2 }))
      .when(retry)
      .thenTypes('execution.retried', 'step.started');
  });

  test('waits again, with the signal that it had taken when that had come before', () => {
    const asks = define(`
workflow: asks
variables: { n: 0 }
activities:
  - name: first
  - name: ask
    wait: { signal: go }
    output: { half: "\${10 / workflow.n}" }
`);
    const early = given(asks).after(start()).after(signal('go')).after(completed('first'));
    expect(early.state).toMatchObject({ status: 'failed', signals: { go: [] } });
    early
      .after(set({ n: 5 }))
      .when(retry)
      .thenTypes(
        'execution.retried',
        'step.started',
        'signal.awaited',
        'step.completed',
        'execution.completed',
      );
    const late = given(asks).after(start()).after(completed('first')).after(signal('go'));
    expect(late.state.status).toBe('failed');
    late
      .after(set({ n: 5 }))
      .when(retry)
      .thenTypes('execution.retried', 'step.started', 'signal.awaited');
  });
});

describe('a run that failed in a block', () => {
  const loop = define(`
workflow: loop
activities:
  - name: each
    foreach:
      items: "\${[10, 20, 30]}"
      concurrency: 2
      steps:
        - name: load
        - name: rest
          wait: { signal: go }
    output: { done: true }
  - name: after
`);
  const half = () => given(loop).after(start()).after(completed('each[0].load')).after(signal('go'));
  const gone = () => half().after(failed('each[1].load'));

  test('goes on there with what was not done, and with that only', () => {
    expect(gone().state).toMatchObject({ status: 'failed', failure: { step: 'each[1].load' } });
    const then = gone().when(retry);
    then.thenEvents(
      { type: 'execution.retried', facts: { step: 'each[1].load', blocks: ['each'] } },
      { type: 'step.started', facts: { step: 'each[1].load', attempt: 2 } },
      { type: 'step.started', facts: { step: 'each[2].load', attempt: 2 } },
    );
    expect(stepOf(then.state, 'each')?.block).toMatchObject({
      begun: 3,
      completed: 1,
      failed: 0,
      cancelled: 0,
    });
    const end = gone()
      .after(retry)
      .after(completed('each[1].load', 2))
      .after(completed('each[2].load', 2))
      .after(signal('go'));
    end
      .when(signal('go'))
      .thenTypes('signal.received', 'step.completed', 'branch.completed', 'step.completed', 'step.started');
  });

  test('begins anew what was given up beside it', () => {
    const waiting = given(loop).after(start()).after(completed('each[0].load')).after(failed('each[1].load'));
    waiting
      .when(retry)
      .thenEvents(
        { type: 'execution.retried' },
        { type: 'step.started', facts: { step: 'each[0].rest', attempt: 2 } },
        { type: 'signal.awaited', facts: { attempt: 2 } },
        { type: 'step.started', facts: { step: 'each[1].load', attempt: 2 } },
      );
  });

  test('begins a block anew that failed by itself', () => {
    const collecting = define(`
workflow: collecting
activities:
  - name: each
    foreach: { items: "\${[10, 20]}", concurrency: 2, on_error: collect, steps: [{ name: load }] }
`);
    const all = given(collecting)
      .after(start())
      .after(failed('each[0].load'))
      .after(completed('each[1].load'));
    expect(all.state.failure).toMatchObject({ step: 'each', error: { type: 'BranchesFailed' } });
    all
      .when(retry)
      .thenEvents(
        { type: 'execution.retried', facts: { step: 'each', blocks: [] } },
        { type: 'step.started', facts: { step: 'each', attempt: 2, block: 'foreach' } },
        { type: 'step.started', facts: { step: 'each[2].load' } },
        { type: 'step.started', facts: { step: 'each[3].load' } },
      );
  });

  describe('and was so wide that it took several turns', () => {
    const items = JSON.stringify(Array.from({ length: 600 }, (_, n) => n));
    const wide = define(`
workflow: wide
activities:
  - name: each
    foreach: { items: "\${${items}}", concurrency: 600, steps: [{ name: load }] }
`);
    const goneOn = (run: Given, turns: number): Given => {
      let on = run;
      for (let n = 0; n < turns; n += 1) on = on.after({ type: 'go_on' });
      return on;
    };
    const running = () => goneOn(given(wide).after(start()), 2);
    const isBegunAgain = ({ state }: Given): boolean =>
      pendingOf(wide, state).length === 600 &&
      pendingOf(wide, state).every((waits) => waits.kind === 'attempt' && waits.attempt === 2);

    test('is retried turn by turn', () => {
      const again = goneOn(running().after(failed('each[9].load')), 5).after(retry);
      expect(pendingOf(wide, again.state).length).toBeLessThan(600);
      expect(isBegunAgain(goneOn(again, 2))).toBe(true);
    });

    test('is retried from there whatever came in while the rest was given up', () => {
      const reason = '';
      const givenUp = running()
        .after(failed('each[9].load'))
        .after({ type: 'signal', signal: 'go', payload: null })
        .after({ type: 'set_variables', variables: { a: 1 }, reason })
        .after({ type: 'pause', reason });
      expect(goneOn(givenUp, 9).state).toMatchObject({ status: 'paused', failure: { step: 'each[9].load' } });
      const over = goneOn(givenUp, 2).after({ type: 'resume', reason });
      expect(isBegunAgain(goneOn(goneOn(over, 5).after(retry), 2))).toBe(true);
    });

    test('has given up all of it while it was paused, and fails when it is resumed', () => {
      const reason = '';
      const paused = goneOn(running().after({ type: 'pause', reason }).after(failed('each[9].load')), 5);
      expect(pendingOf(wide, paused.state)).toEqual([]);
      const over = paused.after({ type: 'resume', reason });
      expect(over.state.status).toBe('failed');
      expect(isBegunAgain(goneOn(over.after(retry), 2))).toBe(true);
    });

    test('is cancelled and undone all the same, with as much given up as a turn holds', () => {
      const cancel: ExecutionCommand = { type: 'cancel', reason: '', compensate: true };
      expect(running().when(cancel).events.length).toBeLessThan(300);
      expect(goneOn(running().after(cancel), 1).state.status).toBe('cancelled');
    });
  });

  test('has forgotten that when the run went on all the same', () => {
    const spared = define(`
workflow: spared
activities:
  - name: both
    parallel: { branches: [[{ name: one }], [{ name: other }]] }
    fallback: { activity: skip }
  - name: after
`);
    const { state } = given(spared).after(start()).after(failed('both[0].one'));
    expect(state.status).toBe('running');
    expect(state).not.toHaveProperty('failing');
  });
});

describe('a run whose undoing has left something', () => {
  const trip = define(`
workflow: trip
activities: [{ name: book }, { name: again, next: book, when: "\${!has(workflow.once)}", set: { variables: { once: true } } }, { name: rent }, { name: pay }]
compensation: { activities: [{ name: tell }] }
compensation_activities:
  book: { activity: give_back, params: { what: "\${output}" } }
  rent: { activity: bring_back }
error_handling: { workflow_error: { strategy: compensate } }
`);
  const left = () =>
    given(trip)
      .after(start())
      .after(completed('book', 1, 'first'))
      .after(completed('book', 2, 'second'))
      .after(completed('rent'))
      .after(failed('pay'))
      .after(undone('rent'))
      .after(undone('book'))
      .after(notUndone('book', 2))
      .after(notUndone('tell'));

  test('has that undone, and nothing else', () => {
    expect(left().state).toMatchObject({ status: 'failed', compensation: { failed: ['book', 'tell'] } });
    const then = left().when(retry);
    then.thenEvents(
      { type: 'execution.retried', facts: { step: 'pay', blocks: [] } },
      { type: 'saga.compensating', facts: { step: 'pay', steps: ['book', 'tell'] } },
      {
        type: 'step.compensating',
        facts: { step: 'book', activity: 'give_back', attempt: 3 },
        payload: { input: { what: 'first' } },
      },
    );
    left()
      .after(retry)
      .after(undone('book', 3))
      .when(undone('tell', 2))
      .thenTypes('step.compensated', 'saga.compensated');
  });

  test('can be left with less, and retried again', () => {
    const less = left().after(retry).after(undone('book', 3)).after(notUndone('tell', 2));
    expect(less.state).toMatchObject({ status: 'failed', compensation: { failed: ['tell'] } });
    less
      .when(retry)
      .thenEvents(
        { type: 'execution.retried' },
        { type: 'saga.compensating', facts: { steps: ['tell'] } },
        { type: 'step.compensating', facts: { step: 'tell', activity: 'tell', attempt: 3 } },
      );
  });
});
