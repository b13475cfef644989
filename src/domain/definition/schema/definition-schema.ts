import type { JsonObject } from '../../json.ts';
import { BLOCK_DEFS } from './blocks.ts';
import { block, DURATION, FIELDS, NAME, oneOf, ref, SWITCH, TEXT } from './common.ts';
import { STEP_DEFS } from './steps.ts';

/** Fields of a trigger that the language knows and this version does not carry out. */
export const UNSUPPORTED_TRIGGER_FIELDS = [
  'http',
  'schedule',
  'idempotency_key',
  'debounce',
  'batch',
  'singleton',
] as const;

/** Blocks that are taken and not enforced. */
export const UNENFORCED_BLOCKS = [
  'concurrency',
  'resources',
  'circuit_breaker',
  'bulkhead',
  'rate_limit',
  'tracing',
  'logging',
  'monitoring',
  'metrics',
  'state',
  'activity_state',
  'notification',
  'retention',
  'search',
  'label',
  'labels',
] as const;

const EXECUTION: JsonObject = {
  workflow: ref('name'),
  description: { title: 'a text', type: 'string' },
  trigger: ref('trigger'),
  input: block('the start input', { schema: { title: 'a JSON Schema', type: 'object' } }),
  variables: FIELDS,
  activities: { title: 'a list of steps', type: 'array', minItems: 1, maxItems: 1000, items: ref('step') },
  saga: ref('saga'),
  compensation: ref('compensation'),
  compensation_activities: {
    title: 'what undoes each step, by its name',
    type: 'object',
    additionalProperties: ref('undo'),
  },
  error_handling: ref('error_handling'),
  concurrency: ref('concurrency'),
  resources: ref('resources'),
  circuit_breaker: ref('circuit_breaker'),
  bulkhead: ref('bulkhead'),
  rate_limit: ref('rate_limit'),
  tracing: ref('tracing'),
  logging: ref('logging'),
  monitoring: ref('monitoring'),
  metrics: ref('metrics'),
  state: { title: 'what a run looks like', type: 'object' },
  activity_state: { title: 'what a step looks like', type: 'object' },
  notification: ref('notification'),
  retention: { title: 'how long runs are kept', type: ['string', 'object'] },
  search: { title: 'search attributes', type: ['object', 'array'] },
  label: TEXT,
  labels: { title: 'labels', type: ['object', 'array'] },
};

/** The shape of a definition: `execution:` with everything in it, blocks beside it, or no `execution:` at all. */
export const DEFINITION_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a workflow definition',
  type: 'object',
  additionalProperties: false,
  properties: { execution: ref('execution'), ...EXECUTION },
  $defs: {
    name: NAME,
    execution: block('the definition of a workflow', EXECUTION),
    trigger: {
      ...block('manual, or an event with conditions', {
        event: TEXT,
        conditions: FIELDS,
        manual: SWITCH,
        ...Object.fromEntries(
          UNSUPPORTED_TRIGGER_FIELDS.map((name) => [
            name,
            { description: 'Not carried out by this version.' },
          ]),
        ),
      }),
      type: ['string', 'object'],
      pattern: '^manual$',
    },
    saga: block(
      'steps with what undoes them',
      {
        steps: {
          title: 'a list of steps with what undoes them',
          type: 'array',
          minItems: 1,
          items: block('an activity with what undoes it', { activity: ref('name'), compensation: TEXT }, [
            'activity',
          ]),
        },
      },
      ['steps'],
    ),
    compensation: block('how a run is undone', {
      strategy: oneOf('reverse', 'forward'),
      mode: oneOf('automatic', 'manual'),
      timeout: DURATION,
      notification: ref('notification'),
      activities: {
        title: 'a list of activities',
        type: 'array',
        items: block('an activity by its name', { name: TEXT }, ['name']),
      },
    }),
    undo: block('the activity that undoes a step', { activity: TEXT, params: {} }, ['activity']),
    error_handling: block('what follows from errors', {
      activity_error: block('what follows when a step fails', {
        retry: ref('retry'),
        fallback: ref('fallback'),
      }),
      workflow_error: block('what follows when a step has failed for good', {
        strategy: oneOf('stop', 'compensate', 'continue'),
        notification: ref('notification'),
      }),
    }),
    ...STEP_DEFS,
    ...BLOCK_DEFS,
  },
};
