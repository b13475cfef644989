import type { Step } from '../../src/domain/definition/definition.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Random } from './random.ts';
import { makeResources } from './resources.ts';

/** What a step is made with. */
export interface StepMaker {
  readonly random: Random;
  /** Its name, which no other step of the definition has. */
  readonly name: string;
  /** A time that is long in a run. */
  readonly long: string;
  /** The workflow that it is in, and those that it may wait for: none of them waits for this one. */
  readonly workflow: string;
  readonly below: readonly string[];
  /** Makes steps of one's own, fewer the deeper they are. */
  readonly inner: () => readonly JsonObject[];
}

/** Activities that steps call; how they behave is `outside.ts`. */
export const FORWARD = ['charge', 'ship', 'mail', 'crawl', 'odd', 'decline', 'later', 'scan'] as const;

/** What only workers serve: how they behave is `remote-workers.ts`. */
export const REMOTE: readonly string[] = ['scan', 'unscan'];

/** Signals that steps wait for. */
export const SIGNALS = ['go', 'pay'] as const;

/** Who decides, besides those that nobody knows. */
export const ASSIGNEES = ['ann', 'bob'] as const;

/** Events that trigger workflows. */
export const EVENTS = ['order:placed', 'order:late'] as const;

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

/** How long an attempt may take, and at times all of them, and the wait for somebody to serve them. */
const makeTimeout = (random: Random): JsonObject => ({
  attempt: random.pick(['300ms', '3s', '30s']),
  ...(random.chance(0.3) ? { step: random.pick(['200ms', '4s', '25s', '2m']) } : {}),
  ...(random.chance(0.3) ? { queue: random.pick(['1s', '20s']) } : {}),
  ...(random.chance(0.3) ? { heartbeat: random.pick(['150ms', '2s']) } : {}),
});

/** How long a block may take, at times. */
const limit = (random: Random): JsonObject =>
  random.chance(0.25) ? { timeout: random.pick(['500ms', '6s', '1m']) } : {};

const activity = ({ random }: StepMaker): JsonObject => ({
  activity: random.pick(FORWARD),
  timeout: makeTimeout(random),
  ...(random.chance(0.6) ? { retry: makeRetry(random) } : {}),
  ...(random.chance(0.3) ? { input: { level: '${workflow.level}' } } : {}),
});

/** When an activity is not called; what stands in one definition counts for all that call it. */
const breaker = ({ random }: StepMaker): JsonObject => ({
  circuit_breaker: {
    threshold: random.int(1, 3),
    reset: random.pick(['1ms', '2s', '10s']),
    ...(random.chance(0.3) ? { timeout: random.pick(['50ms', '5s']) } : {}),
  },
});

/** How many calls of an activity are made at once; the same wherever it is written, so that it can be counted. */
export const BULKHEADS = { ship: 1, mail: 2, scan: 1 } as const;

const bulkhead = ({ random }: StepMaker): JsonObject => {
  const name = random.pick(['ship', 'mail', 'scan'] as const);
  return {
    activity: name,
    bulkhead: {
      max_concurrent: BULKHEADS[name],
      ...(random.chance(0.5) ? { max_queue_size: random.int(0, 3) } : {}),
      ...(random.chance(0.5) ? { timeout: random.pick(['1s', '30s']) } : {}),
      ...(random.chance(0.3) ? { fallback: { activity: random.pick(['skip', 'last_resort']) } } : {}),
    },
  };
};

/** How many calls of an activity are begun in a time, ms; the same wherever it is written. */
export const RATES = { crawl: { limit: 2, per: 2_000 } } as const;

const rate = (): JsonObject => ({ activity: 'crawl', rate_limit: { limit: RATES.crawl.limit, per: '2s' } });

/** A way to write a step; its name and guard are added by whoever calls. */
export type MakeStep = (maker: StepMaker) => JsonObject;

/** Every kind of step and the ways to write it: the compiler asks for a kind that is new, and all invariants hold for it. */
export const STEP_KINDS: Readonly<Record<Step['kind'], readonly MakeStep[]>> = {
  activity: [
    activity,
    (maker) => ({ ...activity(maker), output: { [`out_${maker.name}`]: '${output.n}' } }),
    (maker) => ({ ...activity(maker), fallback: { activity: 'skip' } }),
    (maker) => ({
      ...activity(maker),
      activity: 'scan',
      label: 'level ${workflow.level}, ${workflow.fixed}',
    }),
    (maker) => ({ ...activity(maker), activity: 'scan', retry: makeRetry(maker.random) }),
    (maker) => ({ ...activity(maker), activity: 'scan', ...breaker(maker), retry: makeRetry(maker.random) }),
    (maker) => ({ ...activity(maker), ...breaker(maker) }),
    (maker) => ({ ...activity(maker), ...bulkhead(maker) }),
    (maker) => ({ ...activity(maker), ...rate() }),
    (maker) => ({ ...activity(maker), ...makeResources(maker.random) }),
    (maker) => ({ ...activity(maker), ...bulkhead(maker), ...makeResources(maker.random) }),
    (maker) => ({ ...activity(maker), ...bulkhead(maker), ...breaker(maker) }),
    (maker) => ({ ...activity(maker), ...breaker(maker), fallback: { activity: 'last_resort' } }),
    (maker) => ({ ...activity(maker), fallback: { activity: 'last_resort' } }),
    (maker) => ({ ...activity(maker), fallback: { activity: 'skip', notify: true } }),
    ({ random, name }) => ({
      activity: 'notify',
      input: {
        channels: ['webhook'],
        recipients: random.pick([['admins'], ['admins', 'owner']]),
        subject: name,
      },
    }),
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
  approval: [
    ({ random, name }) => ({
      approval: {
        assignees: random.pick([[...ASSIGNEES], 'ann']),
        ...(random.chance(0.5) ? { timeout: random.pick(['2s', '2m']) } : {}),
      },
      output: { [`decision_${name}`]: '${output.decision}' },
    }),
    ({ random }) => ({
      approval: { timeout: random.pick(['3s', '1m']) },
      fallback: { activity: random.pick(['skip', 'last_resort']) },
    }),
  ],
  emit: [
    // What it starts emits nothing: its level is below that of the guard.
    ({ random, name }) => ({
      emit: { event: random.pick(EVENTS), payload: { level: '${workflow.level - 10}', by: name } },
      when: '${workflow.level >= 0}',
      output: { [`emitted_${name}`]: '${output.eventId}' },
    }),
  ],
  workflow: [
    // What it starts and does not wait for starts nothing: its level is below that of the guard.
    ({ workflow }) => ({
      workflow: { name: workflow, input: { level: '${workflow.level - 10}' }, wait: false },
      when: '${workflow.level >= 0}',
    }),
    ({ random, name, workflow, below }) => ({
      workflow: {
        name: random.pick([...below, ...below, `${workflow}_s`]),
        input: random.chance(0.9) ? { level: '${workflow.level}' } : {},
        ...(random.chance(0.3) ? { on_cancel: random.pick(['abandon', 'cancel']) } : {}),
        ...(random.chance(0.2) ? { version: 1 } : {}),
      },
      output: { [`child_${name}`]: '${output.level}' },
      ...(random.chance(0.3) ? { retry: makeRetry(random) } : {}),
      ...(random.chance(0.3) ? { fallback: { activity: random.pick(['skip', 'last_resort']) } } : {}),
      ...limit(random.fork(`limit of ${name}`)),
    }),
  ],
  parallel: [
    ({ random, inner }) => ({
      parallel: {
        branches: { left: inner(), right: inner() },
        join: random.pick(['all', 'first']),
        on_error: random.pick(['fail_fast', 'collect']),
      },
      ...limit(random),
    }),
    ({ inner }) => ({
      parallel: { branches: [inner(), inner(), inner()], join: 2, on_error: 'collect' },
      fallback: { activity: 'skip' },
    }),
  ],
  foreach: [
    ({ random, inner, name }) => ({
      foreach: {
        items: random.pick([[], [1], ['a', 'b', 'c'], [1, 2, 3, 4, 5, 6, 7]]),
        item: `item_${name}`,
        concurrency: random.int(1, 4),
        on_error: random.pick(['fail_fast', 'collect']),
        steps: inner(),
        ...(random.chance(0.5) ? { collect: `\${[item_${name}, index]}` } : {}),
      },
      ...(random.chance(0.3) ? { fallback: { activity: 'last_resort' } } : {}),
      ...limit(random),
    }),
  ],
  switch: [
    ({ random, inner }) => ({
      switch: [
        { when: `\${workflow.level > ${random.int(0, 4)}}`, steps: inner() },
        { when: '${workflow.level == 1}', steps: inner() },
        ...(random.chance(0.5) ? [{ else: inner() }] : []),
      ],
      match: random.pick(['first', 'all']),
      ...limit(random),
    }),
  ],
  while: [
    ({ random, name, inner }) => ({
      while: {
        condition: `\${!has(workflow.turns_${name}) || workflow.turns_${name} < ${random.int(0, 4)}}`,
        max: random.int(1, 4),
        steps: [
          ...inner(),
          {
            name: `${name}_count`,
            set: {
              variables: {
                [`turns_${name}`]: `\${has(workflow.turns_${name}) ? workflow.turns_${name} + 1 : 1}`,
              },
            },
          },
        ],
      },
    }),
  ],
  fail: [
    ({ random, name }) => ({ fail: { type: random.pick(['Refused', 'Own']), message: `${name} fails` } }),
  ],
  end: [() => ({ end: true, when: '${workflow.level >= 4}' })],
};
