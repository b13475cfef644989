import type { JsonObject } from '../../json.ts';
import { RECORDED_READS } from '../audit.ts';
import { ATTRIBUTE_PATTERN, MOST_ATTRIBUTES, MOST_TAGS } from '../search.ts';
import { BLOCK_DEFS } from './blocks.ts';
import { block, described, DURATION, FIELDS, NAME, oneOf, ref, SWITCH, TEXT } from './common.ts';
import { STEP_DEFS } from './steps.ts';
import { TRIGGER } from './trigger.ts';

/** Blocks that are taken and not enforced. */
export const UNENFORCED_BLOCKS = [
  'monitoring',
  'metrics',
  'state',
  'activity_state',
  'label',
  'labels',
] as const;

const PRIORITY: JsonObject = {
  title: 'a whole number, or ${…} that gives one',
  type: ['integer', 'string'],
  minimum: -1_000_000,
  maximum: 1_000_000,
  pattern: '\\$\\{',
};

const ATTRIBUTE_NAME: JsonObject = {
  title: 'a name of at most 50 small letters, digits and "_" that begins with a letter',
  type: 'string',
  pattern: ATTRIBUTE_PATTERN,
};

const NOT_ENFORCED = 'Taken, but not enforced by this version.';

const EXECUTION: JsonObject = {
  workflow: described('Name of the workflow.', ref('name')),
  description: { title: 'a text', description: 'For people.', type: 'string' },
  trigger: described('What starts a run, besides a start by hand.', ref('trigger')),
  input: described(
    'What the start input must be.',
    block('the start input', {
      schema: { title: 'a JSON Schema', description: 'JSON Schema of the start input.', type: 'object' },
    }),
  ),
  timeout: described('How long a run may take.', ref('run_timeout')),
  variables: described(
    'Variables that a run begins with; ${event…} and ${input…} may stand in them.',
    FIELDS,
  ),
  output: described(
    'What a run gives at its end; its variables unless given. ${…} sees all that has run.',
    FIELDS,
  ),
  activities: {
    title: 'a list of steps',
    description: 'The steps, carried out one after the other.',
    type: 'array',
    minItems: 1,
    maxItems: 1000,
    items: ref('step'),
  },
  saga: described('Steps with what undoes them, in short.', ref('saga')),
  compensation: described('How a run that failed is undone.', ref('compensation')),
  compensation_activities: {
    title: 'what undoes each step, by its name',
    description: 'What undoes each step, by the name of the step.',
    type: 'object',
    additionalProperties: ref('undo'),
  },
  error_handling: described('What follows from errors.', ref('error_handling')),
  priority: described('Of executions that wait for their turn the one with the most goes first.', PRIORITY),
  concurrency: described('How much of the workflow runs at once.', ref('concurrency')),
  resources: described('What the steps may take.', ref('resources')),
  circuit_breaker: described(
    'When activities are not called for a while; each activity for itself.',
    ref('circuit_breaker'),
  ),
  bulkhead: described('How many calls of an activity at once; each activity for itself.', ref('bulkhead')),
  rate_limit: described(
    'How many calls of an activity are begun in a time; each activity for itself.',
    ref('rate_limit'),
  ),
  tracing: described('What is kept of runs for whoever looks into them.', ref('tracing')),
  logging: described('Which lines of a run’s log are kept.', ref('logging')),
  monitoring: described(NOT_ENFORCED, ref('monitoring')),
  metrics: described(NOT_ENFORCED, ref('metrics')),
  state: { title: 'what a run looks like', description: NOT_ENFORCED, type: 'object' },
  activity_state: { title: 'what a step looks like', description: NOT_ENFORCED, type: 'object' },
  notification: described('Who is told where nobody else is said.', ref('notification')),
  retention: described('How long runs are kept after they have ended.', ref('retention')),
  audit: described('What is recorded of who looks into runs.', ref('audit')),
  search: {
    title: `search attributes by name, ${MOST_ATTRIBUTES} at most`,
    description: 'What runs are found by: evaluated when a run starts, and again when it completes.',
    type: 'object',
    maxProperties: MOST_ATTRIBUTES,
    propertyNames: ref('attribute_name'),
    additionalProperties: {
      title: 'a text, a number, true or false',
      type: ['string', 'number', 'boolean'],
    },
  },
  tags: {
    title: `a list of tags, ${MOST_TAGS} at most`,
    description: 'What runs are found by besides: evaluated when a run starts.',
    type: 'array',
    maxItems: MOST_TAGS,
    items: { title: 'a tag: a text', type: 'string', minLength: 1 },
  },
  label: described(NOT_ENFORCED, TEXT),
  labels: { title: 'labels', description: NOT_ENFORCED, type: ['object', 'array'] },
};

const RUN_TIMEOUT: JsonObject = {
  ...block('a duration, or the duration of a run', {
    run: described('How long a run may take from its start to its end, what undoes it left out.', DURATION),
  }),
  type: ['string', 'object'],
  pattern: DURATION['pattern'] ?? '',
};

const RETENTION: JsonObject = {
  ...block(
    'a duration, or how long runs are kept',
    {
      after: described('How long after its end a run is kept.', DURATION),
      archive: described('Whether its events are archived before it is removed (the default).', SWITCH),
    },
    ['after'],
  ),
  type: ['string', 'object'],
  pattern: DURATION['pattern'] ?? '',
};

const AUDIT: JsonObject = block('what is recorded of who looks into runs', {
  reads: described('Which reads are recorded.', oneOf(...RECORDED_READS)),
});

const SAGA: JsonObject = block(
  'steps with what undoes them',
  {
    steps: {
      title: 'a list of steps with what undoes them',
      description: 'The steps, carried out one after the other unless `activities` lists them.',
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: block(
        'an activity with what undoes it',
        {
          activity: described('Name of the step and of its activity.', ref('name')),
          compensation: described('The activity that undoes it.', TEXT),
        },
        ['activity'],
      ),
    },
  },
  ['steps'],
);

const COMPENSATION: JsonObject = block('how a run is undone', {
  strategy: described(
    'Which step is undone first: the last (reverse) or the first.',
    oneOf('reverse', 'forward'),
  ),
  mode: described(
    'Whether a failure starts it (automatic), or an operator does once the execution has failed (manual).',
    oneOf('automatic', 'manual'),
  ),
  timeout: described('How long all of it may take together; what is left then is not undone.', DURATION),
  notification: described('Who is told when it begins and how it ended.', ref('notification')),
  activities: {
    title: 'a list of activities',
    description: 'Called after the steps are undone, in this order.',
    type: 'array',
    items: block('an activity by its name', { name: described('The activity to call.', TEXT) }, ['name']),
  },
});

const UNDO: JsonObject = block(
  'the activity that undoes a step',
  {
    activity: described('The activity to call.', TEXT),
    params: {
      title: 'a value',
      description: 'What it is given; ${output…} is the output of the step. Without it: all variables.',
    },
  },
  ['activity'],
);

const ERROR_HANDLING: JsonObject = block('what follows from errors', {
  activity_error: described(
    'What holds for each step that does not say otherwise.',
    block('what follows when a step fails', { retry: ref('retry'), fallback: ref('fallback') }),
  ),
  workflow_error: described(
    'What follows when a step has failed for good.',
    block('what follows when a step has failed for good', {
      strategy: described(
        'Stop (the default), undo what was done, or go on.',
        oneOf('stop', 'compensate', 'continue'),
      ),
      notification: described('Who is told of it, and how.', ref('notification')),
    }),
  ),
});

/** The shape of a definition: `execution:` with everything in it, blocks beside it, or no `execution:` at all. */
export const DEFINITION_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a workflow definition',
  type: 'object',
  additionalProperties: false,
  properties: {
    execution: described('The definition; its blocks may stand beside it too.', ref('execution')),
    ...EXECUTION,
  },
  $defs: {
    name: NAME,
    attribute_name: ATTRIBUTE_NAME,
    execution: block('the definition of a workflow', EXECUTION),
    trigger: TRIGGER,
    run_timeout: RUN_TIMEOUT,
    retention: RETENTION,
    audit: AUDIT,
    saga: SAGA,
    compensation: COMPENSATION,
    undo: UNDO,
    error_handling: ERROR_HANDLING,
    ...STEP_DEFS,
    ...BLOCK_DEFS,
  },
};
