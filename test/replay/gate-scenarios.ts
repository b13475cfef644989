import { fails, never, takes } from './runs.ts';
import type { HandClock } from '../spec/clock.ts';
import type { Run } from '../spec/engine.ts';
import type { Scenario, Stage } from './scenarios.ts';

const SPARED = `
workflow: spared
activities:
  - name: charge
    retry: { max_attempts: 4, backoff: { initial: 1s, multiplier: 1, jitter: 0 } }
    circuit_breaker: { threshold: 1, reset: 2s }
  - name: book
    circuit_breaker: {}
`;

const CROWDED = `
workflow: crowded
activities:
  - name: both
    parallel:
      branches:
        one: [{ name: first, activity: work, bulkhead: { max_concurrent: 1, max_queue_size: 1 } }]
        two: [{ name: second, activity: work, bulkhead: { max_concurrent: 1, max_queue_size: 1 } }]
      on_error: collect
`;

const LIMITED = `
workflow: one_at_a_time
concurrency: { max_workflows: 1, queuing: { timeout: 30s } }
timeout: 1h
activities:
  - name: work
`;

const LARGE = `
workflow: large
activities:
  - name: both
    parallel:
      branches:
        one: [{ name: first, activity: work, resources: { cpu: { request: 500m }, memory: { request: 40Gi } } }]
        two: [{ name: second, activity: work, timeout: { queue: 30s }, resources: { memory: { request: 40Gi } } }]
      on_error: collect
`;

/** Fails when it is called first, and does not return when it is again. */
const failsOnce = (clock: HandClock): Run => {
  let calls = 0;
  return (ctx, input) => {
    calls += 1;
    return (calls === 1 ? fails(clock, 10, 'Busy') : never)(ctx, input);
  };
};

/** Another one goes on instead when it is retried. */
const retryBehindAnother = async ({ start, engine, end, id, happened }: Stage): Promise<void> => {
  await end(id);
  await start(LIMITED);
  await engine.executions.handle(id, { type: 'retry', reason: 'again' });
  await happened('execution.queued');
};

/** Steps whose activities are limited, and executions of which only so many go on. */
export const GATES: readonly Scenario[] = [
  {
    name: 'spared-by-a-breaker',
    yaml: SPARED,
    activities: (clock) => ({
      charge: (ctx, input) =>
        (ctx.attempt === 1 ? fails(clock, 30, 'Busy') : takes(clock, 20, 'paid'))(ctx, input),
      book: takes(clock, 5, null),
    }),
    play: async ({ clock, log, end, id, happened }) => {
      await happened('step.retry_scheduled', 'charge 1');
      const opened = {
        after: 0n,
        filter: { types: ['breaker.opened'] },
        signal: AbortSignal.timeout(60_000),
      };
      for await (const { events } of log.subscribe(opened)) if (events.length > 0) break;
      clock.advance(1_000);
      await happened('step.rejected');
      clock.advance(1_000);
      await end(id);
    },
  },
  {
    name: 'waiting-for-its-turn',
    yaml: LIMITED,
    activities: (clock) => ({ work: failsOnce(clock) }),
    play: retryBehindAnother,
  },
  {
    name: 'turned-away-in-the-end',
    yaml: LIMITED,
    activities: (clock) => ({ work: failsOnce(clock) }),
    play: async (stage) => {
      await retryBehindAnother(stage);
      await stage.clock.armed(stage.clock.now() + 30_000);
      stage.clock.advance(30_000);
      await stage.happened('execution.rejected');
      await stage.end(stage.id);
    },
  },
  {
    name: 'waiting-at-a-bulkhead',
    yaml: CROWDED,
    activities: () => ({ work: never }),
    play: ({ happened }) => happened('step.queued'),
  },
  {
    name: 'out-of-time-for-memory',
    yaml: LARGE,
    activities: (clock) => ({ work: takes(clock, 60_000, null) }),
    play: async ({ clock, happened, end, id }) => {
      await happened('step.queued');
      await clock.armed(clock.now() + 30_000);
      clock.advance(30_000);
      await happened('step.failed');
      clock.advance(30_000);
      await end(id);
    },
  },
];
