import type { HandClock } from '../spec/clock.ts';
import type { Run } from '../spec/engine.ts';
import { fails, never, takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

const YAML = `
workflow: limited
timeout: { run: 1h }
activities:
  - name: prepare
  - name: translate
    timeout: { queue: 10m }
    fallback: { activity: copy }
  - name: both
    timeout: 4m
    fallback: { activity: skip }
    parallel:
      branches:
        left: [{ name: endless }]
        right: [{ name: ask, wait: { signal: answered } }]
  - name: send
    timeout: { attempt: 1m, step: 2m }
    retry: { max_attempts: 9, backoff: { initial: 40s, multiplier: 1, jitter: 0 } }
    fallback: { activity: skip }
  - name: decide
    wait: { signal: decided }
compensation: {}
compensation_activities: { prepare: { activity: tidy } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const limited = (clock: HandClock): Readonly<Record<string, Run>> => ({
  prepare: takes(clock, 20, null),
  copy: takes(clock, 30, 'copied'),
  endless: never,
  send: fails(clock, 10_000, 'Busy'),
  tidy: takes(clock, 10, null),
});

/** Lets the next time come when something has happened. */
const onward = async ({ clock, happened }: Stage, type: string, step: string): Promise<void> => {
  await happened(type, step);
  clock.advance((clock.due[0] ?? clock.now()) - clock.now());
};

const toDecide = async (stage: Stage): Promise<void> => {
  await onward(stage, 'step.queued', 'translate 1');
  await onward(stage, 'step.started', 'both[right].ask 1');
  await onward(stage, 'step.retry_scheduled', 'send 1');
  await onward(stage, 'step.retry_scheduled', 'send 2');
  await onward(stage, 'step.retry_scheduled', 'send 3');
  await stage.happened('signal.awaited', 'decide 1');
};

const COPY = `
workflow: copied
activities:
  - name: copy
    timeout: { attempt: 1h, heartbeat: 10s }
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
`;

const UNDO = `
workflow: undone
activities: [{ name: reserve, activity: book }, { name: book }, { name: pay }]
compensation: { timeout: 1m }
compensation_activities: { reserve: { activity: cancel }, book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`;

/** An activity that says how far it is and then nothing more. */
const falls = (): Run => (ctx) => {
  ctx.heartbeat({ copied: ctx.attempt, before: ctx.progress ?? null });
  return new Promise(() => undefined);
};

/** Limits of time, each of which is reached, and attempts that say how far they are. */
export const LIMITS: readonly Scenario[] = [
  {
    name: 'timed-out',
    yaml: 'workflow: impatient\nactivities:\n  - name: decide\n    wait: { signal: decided, timeout: 2d }\n',
    activities: () => ({}),
    play: async ({ clock, end, id }) => {
      clock.advance(2 * 86_400_000);
      await end(id);
    },
  },
  {
    name: 'out-of-time',
    yaml: YAML,
    activities: limited,
    play: async (stage) => {
      await toDecide(stage);
      const { clock, end, id } = stage;
      clock.advance(3_600_000);
      await end(id);
    },
  },
  {
    name: 'silent-for-too-long',
    yaml: COPY,
    activities: () => ({ copy: falls() }),
    play: async (stage) => {
      await stage.happened('step.heartbeat', 'copy 1');
      stage.clock.advance(10_000);
      await onward(stage, 'step.retry_scheduled', 'copy 1');
      await stage.happened('step.heartbeat', 'copy 2');
      stage.clock.advance(10_000);
      await stage.end(stage.id);
    },
  },
  {
    name: 'under-way-with-progress',
    yaml: COPY,
    activities: () => ({ copy: falls() }),
    play: ({ happened }) => happened('step.heartbeat', 'copy 1'),
  },
  {
    name: 'undoing-out-of-time',
    yaml: UNDO,
    activities: (clock) => ({
      book: takes(clock, 10, null),
      pay: fails(clock, 10, 'Refused'),
      cancel: never,
    }),
    play: async ({ happened, clock, end, id }) => {
      await happened('step.compensating', 'book 1');
      clock.advance(60_000);
      await end(id);
    },
  },
  { name: 'waiting-within-a-limit', yaml: YAML, activities: limited, play: toDecide },
];
