import type { JsonObject } from '../../src/domain/json.ts';
import type { Random } from './random.ts';
import { makeRetry, STEP_KINDS } from './step-kinds.ts';

/** Activities that undo; how they behave is `outside.ts`. */
export const UNDOING = ['undo', 'undo_safely'] as const;

/** Events from outside that trigger workflows. */
export const EVENTS = ['order:placed', 'order:late'] as const;

const makeStep = (random: Random, name: string): JsonObject => {
  const make = STEP_KINDS[random.pick(Object.keys(STEP_KINDS))] as (typeof STEP_KINDS)[string];
  const guard = random.chance(0.25) ? { when: `\${workflow.level >= ${random.int(0, 5)}}` } : {};
  return { name, ...guard, ...make({ random, name }) };
};

const makeCompensation = (random: Random, steps: readonly JsonObject[]): JsonObject => {
  const undone = steps.filter(() => random.chance(0.6)).map(({ name }) => name as string);
  const params = random.chance(0.4) ? { params: { was: '${output}', level: '${workflow.level}' } } : {};
  return {
    compensation: {
      strategy: random.pick(['reverse', 'reverse', 'forward']),
      ...(random.chance(0.3) ? { activities: [{ name: 'undo_last' }] } : {}),
    },
    compensation_activities: Object.fromEntries(
      undone.map((step) => [step, { activity: random.pick(UNDOING), ...params }]),
    ),
  };
};

/** The source of a random definition. */
export const makeDefinition = (random: Random, workflow: string): string => {
  const count = random.int(1, 6);
  const steps = Array.from({ length: count }, (_, index) => makeStep(random, `s${index}`));
  const isTriggered = random.chance(0.35);
  const from = isTriggered ? 'event' : 'input';
  const conditions = random.chance(0.5) ? { conditions: { level: random.int(0, 3) } } : {};
  const retry = random.chance(0.5) ? { activity_error: { retry: makeRetry(random) } } : {};
  return JSON.stringify({
    execution: {
      workflow,
      ...(isTriggered ? { trigger: { event: random.pick(EVENTS), ...conditions } } : {}),
      variables: { level: `\${${from}.level}`, pause: random.pick(['10ms', '3s', 'no time']) },
      activities: steps,
      ...makeCompensation(random, steps),
      error_handling: {
        ...retry,
        workflow_error: { strategy: random.pick(['compensate', 'compensate', 'stop', 'continue']) },
      },
    },
  });
};
