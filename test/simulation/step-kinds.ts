import type { Step } from '../../src/domain/definition/definition.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Random } from './random.ts';

/** What a step is made with. */
export interface StepMaker {
  readonly random: Random;
  /** Its name, which no other step of the definition has. */
  readonly name: string;
  /** A time that is long in a run. */
  readonly long: string;
}

/** Activities that steps call; how they behave is `outside.ts`. */
export const FORWARD = ['charge', 'ship', 'mail', 'crawl', 'odd', 'decline', 'later'] as const;

/** Signals that steps wait for. */
export const SIGNALS = ['go', 'pay'] as const;

/** Times that steps wait for, around the midnight that a run meets. */
const TIMES = ['2026-01-31T23:39:00Z', '2026-01-31T23:40:30Z', '2026-02-01T00:00:00Z', '2026-02-01'];

/** How often and after how long an attempt is repeated. */
export const makeRetry = (random: Random): JsonObject => ({
  max_attempts: random.int(1, 4),
  backoff: {
    initial: random.pick(['50ms', '1s', '7s']),
    multiplier: random.pick([1, 2]),
    max: '20s',
    jitter: random.pick([0, 0.1, 1]),
  },
  ...(random.chance(0.2) ? { non_retryable: ['Refused'] } : {}),
});

const activity = ({ random }: StepMaker): JsonObject => ({
  activity: random.pick(FORWARD),
  timeout: random.pick(['300ms', '3s', '30s']),
  ...(random.chance(0.6) ? { retry: makeRetry(random) } : {}),
  ...(random.chance(0.3) ? { input: { level: '${workflow.level}' } } : {}),
});

/** A way to write a step; its name and guard are added by whoever calls. */
export type MakeStep = (maker: StepMaker) => JsonObject;

/** Every kind of step and the ways to write it: the compiler asks for a kind that is new, and all invariants hold for it. */
export const STEP_KINDS: Readonly<Record<Step['kind'], readonly MakeStep[]>> = {
  activity: [
    activity,
    (maker) => ({ ...activity(maker), output: { [`out_${maker.name}`]: '${output.n}' } }),
    (maker) => ({ ...activity(maker), fallback: { activity: 'skip' } }),
    (maker) => ({ ...activity(maker), fallback: { activity: 'last_resort' } }),
  ],
  set: [({ name }) => ({ set: { variables: { [`set_${name}`]: '${workflow.level + 1}', fixed: name } } })],
  wait: [
    ({ random, long }) => ({ wait: { for: random.pick(['1ms', '1s', long, '${workflow.pause}']) } }),
    ({ random }) => ({ wait: { until: random.pick(TIMES) } }),
    ({ random }) => ({ wait: { signal: random.pick(SIGNALS) } }),
    ({ random, name }) => ({
      wait: { signal: random.pick(SIGNALS), timeout: random.pick(['2s', '2m']) },
      output: { [`got_${name}`]: '${output}' },
    }),
  ],
};
