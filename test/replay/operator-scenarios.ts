import type { OperatorCommand } from '../../src/domain/execution/commands.ts';
import { CALLER } from '../spec/engine.ts';
import { fails, never, takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

const YAML = `
workflow: operated
variables: { amount: 0 }
activities:
  - name: book
    output: { booking: "\${output.id}" }
  - name: pay
    input: { amount: "\${workflow.amount}" }
  - name: stamp
    activity: of_another_server
    output: { stamp: "\${output}" }
  - name: ask
    wait: { signal: asked, timeout: 1h }
  - name: wrap
compensation: {}
compensation_activities:
  book: { activity: give_back, params: { booking: "\${workflow.booking}", why: "\${error.type}" } }
`;

const operate = ({ engine, id, clock }: Stage, command: OperatorCommand) => {
  clock.advance(1_000);
  return engine.executions.handle(id, command, CALLER);
};

/** Fails with its amount at 0, is given another one, and gets as far as to wait for a signal. */
const toTheWait = async (stage: Stage): Promise<void> => {
  await stage.happened('execution.failed');
  await operate(stage, { type: 'set_variables', variables: { amount: 12.5 }, reason: 'it was forgotten' });
  await operate(stage, { type: 'retry', reason: 'the amount is there now' });
  await stage.happened('step.queued', 'stamp 1');
  await operate(stage, {
    type: 'complete_step',
    step: 'stamp',
    output: 'by hand',
    reason: 'the machine is broken',
  });
  await stage.happened('signal.awaited', 'ask 1');
  await operate(stage, { type: 'pause', reason: 'until Monday' });
};

const LONG = 'and_that_in_a_name_which_says_more_than_anybody_wants_to_know'.repeat(2).slice(0, 120);

const BY_HAND = `
workflow: undone_by_hand
activities:
  - name: each_${LONG}
    foreach:
      items: "\${input}"
      concurrency: 1
      steps:
        - name: of_${LONG}
          foreach: { items: "\${item}", concurrency: 1, steps: [{ name: take_${LONG}, activity: take }] }
  - name: pay
error_handling: { workflow_error: { strategy: compensate } }
compensation: { mode: manual, activities: [{ name: tell }] }
compensation_activities:
  take_${LONG}: { activity: give_back, params: { what: "\${item}", gave: "\${output}" } }
`;

/** What operators do, in each way that there is. */
export const OPERATED: readonly Scenario[] = [
  {
    name: 'undone-by-hand',
    yaml: BY_HAND,
    input: [
      ['a', 'b', 'c', 'd'],
      ['e', 'f', 'g', 'h'],
      ['i', 'j', 'k', 'l'],
    ],
    activities: (clock) => ({
      take: takes(clock, 10, 'taken'),
      pay: fails(clock, 20, 'Declined'),
      give_back: (ctx, input) =>
        (input as { what: string }).what === 'b' && ctx.attempt === 1
          ? fails(clock, 5, 'Gone')(ctx, input)
          : takes(clock, 5, null)(ctx, input),
      tell: takes(clock, 5, null),
    }),
    play: async (stage) => {
      await stage.happened('execution.failed');
      await operate(stage, { type: 'compensate', reason: 'it cannot be mended' });
      await stage.happened('step.compensated', 'tell 1');
      await operate(stage, { type: 'compensate', reason: 'the rest' });
      await stage.end(stage.id);
    },
  },
  {
    name: 'paused',
    yaml: YAML,
    activities: (clock) => ({
      book: takes(clock, 40, { id: 'B-1' }),
      pay: (ctx, input) =>
        (input as { amount: number }).amount > 0
          ? takes(clock, 50, null)(ctx, input)
          : fails(clock, 50, 'NoAmount')(ctx, input),
    }),
    play: async (stage) => {
      await toTheWait(stage);
      const signal = { type: 'signal', signal: 'asked', payload: { by: 'Ann' } } as const;
      await stage.engine.executions.handle(stage.id, signal, CALLER);
    },
  },
  {
    name: 'cancelled-and-undone',
    yaml: YAML,
    activities: (clock) => ({
      book: takes(clock, 40, { id: 'B-2' }),
      pay: (ctx, input) =>
        (input as { amount: number }).amount > 0
          ? takes(clock, 50, null)(ctx, input)
          : fails(clock, 50, 'NoAmount')(ctx, input),
      wrap: never,
      give_back: takes(clock, 30, 'given back'),
    }),
    play: async (stage) => {
      await toTheWait(stage);
      await operate(stage, { type: 'resume', reason: 'it is Monday' });
      await operate(stage, { type: 'skip_step', step: 'ask', reason: 'nobody is there' });
      await operate(stage, { type: 'cancel', reason: 'not wanted any more', compensate: true });
      await stage.end(stage.id);
    },
  },
];
