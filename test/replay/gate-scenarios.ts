import { fails, never, takes } from './runs.ts';
import type { Scenario } from './scenarios.ts';

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

/** Steps whose activities are limited. */
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
    name: 'waiting-at-a-bulkhead',
    yaml: CROWDED,
    activities: () => ({ work: never }),
    play: ({ happened }) => happened('step.queued'),
  },
];
