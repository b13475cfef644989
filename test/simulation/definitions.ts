import type { Json, JsonObject } from '../../src/domain/json.ts';
import { makeConcurrency } from './concurrency.ts';
import type { Random } from './random.ts';
import { makeGathering } from './gatherings.ts';
import { EVENTS, makeRetry, STEP_KINDS } from './step-kinds.ts';

/** Activities that undo; how they behave is `outside.ts`. */
export const UNDOING = ['undo', 'undo_safely', 'unscan'] as const;

const WAYS = Object.values(STEP_KINDS).flat();
const PLAIN = [
  STEP_KINDS.activity,
  STEP_KINDS.set,
  STEP_KINDS.wait,
  STEP_KINDS.approval,
  STEP_KINDS.emit,
  STEP_KINDS.emit,
  STEP_KINDS.workflow,
  STEP_KINDS.workflow,
].flat();

/** What makes two events the same to a workflow: as it is, or joined to a text. */
const KEYS = ['${event.level > 2}', 'level ${event.level}'] as const;

/** The workflows of a run; each may wait for those behind it. */
export const WORKFLOWS: readonly string[] = ['alpha', 'beta', 'gamma'];

/** How deep steps are in steps at most. */
const DEEPEST = 2;

/** Activities one after the other that are undone when the last one fails, as it does. */
const makeSaga = (random: Random, count: number): readonly JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `s${index}`,
    activity: index === count - 1 ? 'give_up' : random.pick(['mail', 'ship', 'charge']),
    ...(random.chance(0.5) ? { retry: makeRetry(random) } : {}),
  }));

/** What all steps of a definition are made with. */
interface Given {
  readonly random: Random;
  readonly long: string;
  readonly workflow: string;
}

const makeStep = (given: Given, name: string, depth: number): JsonObject => {
  const { random, long, workflow } = given;
  const below = WORKFLOWS.slice(WORKFLOWS.indexOf(workflow) + 1);
  const make = random.chance(0.6) || depth === DEEPEST ? random.pick(PLAIN) : random.pick(WAYS);
  const guard = random.chance(0.25) ? { when: `\${workflow.level >= ${random.int(0, 5)}}` } : {};
  let lists = 0;
  const inner = (): readonly JsonObject[] => {
    lists += 1;
    const list = `${name}_${lists}`;
    return makeList(given, random.int(1, 2), (n) => `${list}_${n}`, depth + 1);
  };
  return { name, ...guard, ...make({ random, name, long, workflow, below, inner }) };
};

/** Steps one after the other, of which some jump back to one before them, or to themselves. */
const makeList = (
  given: Given,
  count: number,
  nameOf: (n: number) => string,
  depth = 0,
): readonly JsonObject[] =>
  Array.from({ length: count }, (_, n) => {
    const { random } = given;
    const next = random.chance(0.07) ? { next: nameOf(random.int(0, n)), max_visits: random.int(1, 3) } : {};
    return { ...makeStep(given, nameOf(n), depth), ...next };
  });

/** Steps as they are written, with those in them. */
export const allSteps = (steps: readonly JsonObject[]): readonly JsonObject[] =>
  steps.flatMap((step) => [step, ...allSteps(listsIn(step))]);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const listsIn = (value: unknown): readonly JsonObject[] => {
  if (value === null || typeof value !== 'object') return [];
  const parts = Object.values(value);
  if (isList(value) && value.every((item) => item !== null && typeof item === 'object' && 'name' in item))
    return value as readonly JsonObject[];
  return parts.flatMap(listsIn);
};

const makeCompensation = (random: Random, steps: readonly JsonObject[]) => {
  const undone = allSteps(steps)
    .filter(() => random.chance(0.6))
    .map(({ name }) => name as string);
  const params = random.chance(0.4) ? { params: { was: '${output}', level: '${workflow.level}' } } : {};
  return {
    compensation: {
      strategy: random.pick(['reverse', 'reverse', 'forward']),
      ...(random.chance(0.25) ? { mode: 'manual' } : {}),
      ...(random.chance(0.3) ? { activities: [{ name: 'undo_last' }] } : {}),
      ...(random.chance(0.3) ? { timeout: random.pick(['500ms', '8s', '2m']) } : {}),
    },
    compensation_activities: Object.fromEntries(
      undone.map((step) => [step, { activity: random.pick(UNDOING), ...params }]),
    ),
  };
};

const makeTold = (random: Random): JsonObject =>
  random.chance(0.3)
    ? {
        notification: {
          channels: random.pick([['slack'], ['slack', 'email']]),
          recipients: random.pick([['admins'], ['admins', 'owner']]),
        },
      }
    : {};

const makeSchedule = (random: Random): JsonObject => ({
  cron: random.pick(['* * * * *', '* * * * *', '*/2 * * * *', '*/7 * * * *']),
  overlap: random.pick(['skip', 'queue', 'allow']),
  catch_up: random.pick(['none', 'last', 'all']),
});

/** How long executions are kept that have ended, where that is said. */
const makeRetention = (random: Random): JsonObject => {
  if (random.chance(0.5)) return {};
  return { retention: random.pick<Json>(['1s', '1s', { after: '10s', archive: false }]) };
};

/** The source of a random definition; `long` is a time that is long in a run. */
export const makeDefinition = (random: Random, workflow: string, long: string): string => {
  const count = random.int(1, 6);
  const isSaga = random.chance(0.3);
  const steps = isSaga
    ? makeSaga(random, count + 1)
    : makeList({ random, long, workflow }, count, (n) => `s${n}`);
  const isTriggered = random.chance(0.6);
  const isEither = isTriggered && random.chance(0.9);
  const isScheduled = isTriggered && random.chance(0.25);
  const level = isScheduled
    ? 'event == null ? input.level : has(event.level) ? event.level : 3'
    : isEither
      ? 'event == null ? input.level : event.level'
      : isTriggered
        ? 'event.level'
        : 'input.level';
  const conditions = random.chance(0.5) ? { conditions: { level: random.int(0, 3) } } : {};
  const key = random.chance(0.2) ? { idempotency_key: random.pick(KEYS) } : {};
  const singleton = random.chance(0.5)
    ? { singleton: random.pick<Json>([true, true, { key: '${event.level > 2}' }]) }
    : {};
  const gathering = makeGathering(random.fork(`gathering of ${workflow}`));
  const decided = gathering ?? { ...key, ...singleton };
  const schedule = isScheduled ? { schedule: makeSchedule(random) } : {};
  const retry = random.chance(0.5) ? { activity_error: { retry: makeRetry(random) } } : {};
  const { compensation, ...undoing } = makeCompensation(random, steps);
  return JSON.stringify({
    execution: {
      workflow,
      ...(random.chance(0.2) ? { timeout: { run: random.pick(['1s', '10s', '3m']) } } : {}),
      ...(isTriggered
        ? { trigger: { event: random.pick(EVENTS), ...conditions, ...decided, ...schedule } }
        : {}),
      variables: { level: `\${${level}}`, pause: random.pick(['10ms', '3s', '3s', '90s', 'no time']) },
      ...makeRetention(random.fork(`retention of ${workflow}`)),
      ...makeConcurrency(random.fork(`concurrency of ${workflow}`)),
      activities: steps,
      compensation: { ...compensation, ...makeTold(random) },
      ...undoing,
      // Not drawn: what a run gives, and what is kept of it, changes nothing that happens before its end.
      ...(count % 3 === 2 ? { output: { level: '${workflow.level}', pause: '${workflow.pause}' } } : {}),
      ...(count === 6 ? { output: { level: '${workflow.level}', fixed: '${workflow.fixed}' } } : {}),
      ...(count === 3 ? { tracing: { sampling_rate: 0.5, capture: true } } : {}),
      error_handling: {
        ...retry,
        workflow_error: {
          ...makeTold(random),
          strategy: isSaga ? 'compensate' : random.pick(['compensate', 'compensate', 'stop', 'continue']),
        },
      },
    },
  });
};
