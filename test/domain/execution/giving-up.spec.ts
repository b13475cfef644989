import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, start, type Given } from '../../spec/execution.ts';
import { short, signal } from './blocks.ts';

const WIDTH = 300;

const wide = (steps: string, more = '') =>
  define(`
workflow: wide
activities:
  - name: each
    foreach:
      items: "\${input}"
      concurrency: ${WIDTH}
      steps: ${steps}
    ${more}
  - name: last
    wait: { signal: go }
`);

/** A run of the loop with all turns under way. */
const running = (definition: ReturnType<typeof define>): Given => {
  const items = Array.from({ length: WIDTH }, (_, n) => n);
  return given(definition)
    .after(start({ input: items }))
    .after({ type: 'go_on' })
    .after({ type: 'go_on' });
};

describe('a block that is given up in more than one turn, since it is wide', () => {
  const call = '[{ name: call, input: 1 }]';

  test('gives up as much as a turn holds, and goes on with the rest', () => {
    const failing = running(wide(call)).when(failed(`each[0].call`));
    expect(failing.events.length).toBeLessThan(300);
    expect(short(failing.events).slice(0, 4)).toEqual([
      'step.failed each[0].call',
      'branch.failed each[0]',
      'step.cancelled each[1].call',
      'branch.cancelled each[1]',
    ]);
    const rest = running(wide(call)).after(failed(`each[0].call`));
    const { events } = rest.after({ type: 'go_on' }).when({ type: 'go_on' });
    expect(short(events).slice(-4)).toEqual([
      'step.cancelled each[299].call',
      'branch.cancelled each[299]',
      'step.failed each',
      'execution.failed each[0].call',
    ]);
  });

  test('takes no reports from the rest, and begins nothing in it', () => {
    const givenUp = running(wide('[{ name: call, input: 1 }, { name: next, input: 1 }]')).after(
      failed('each[0].call'),
    );
    givenUp.when(completed('each[299].call')).thenNothing();
    givenUp.when(failed('each[299].call')).thenNothing();
    const { events } = givenUp.when({ type: 'go_on' });
    expect(events.filter(({ type }) => type === 'step.started')).toEqual([]);
  });

  test('keeps signals from the rest, which are for whoever waits later', () => {
    const waiting = wide(
      '[{ name: call, input: 1, when: "${index == 0}" }, { name: rest, wait: { signal: go } }]',
      'fallback: { activity: skip }',
    );
    const givenUp = running(waiting).after(failed('each[0].call'));
    const { events } = givenUp.when(signal('go'));
    expect(events[0]).toMatchObject({ type: 'signal.received', facts: { step: '' } });
    const over = givenUp
      .after(signal('go'))
      .after({ type: 'go_on' })
      .after({ type: 'go_on' })
      .after({ type: 'go_on' });
    expect(over.state.status).toBe('completed');
  });

  test('is over when enough have completed, also while the rest is given up', () => {
    const race = define(`
workflow: race
activities:
  - name: race
    parallel:
      join: first
      branches: [${Array.from({ length: WIDTH }, (_, n) => `[{ name: run_${n}, input: 1 }]`).join(', ')}]
  - name: last
`);
    let run = given(race).after(start()).after({ type: 'go_on' }).after(completed('race[7].run_7'));
    run.when(failed('race[299].run_299')).thenNothing();
    for (let n = 0; n < 3; n += 1) run = run.after({ type: 'go_on' });
    expect(run.state.steps['race']).toMatchObject({
      status: 'completed',
      block: { completed: 1, failed: 0 },
    });
    expect(run.state.steps['last']).toMatchObject({ status: 'running' });
  });
});
