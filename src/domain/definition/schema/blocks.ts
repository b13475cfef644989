import type { JsonObject } from '../../json.ts';
import { CORES_PATTERN } from '../../cores.ts';
import { SIZE_PATTERN } from '../../size.ts';
import { COMPONENTS } from '../observed.ts';
import { LOG_LEVELS } from '../../log-level.ts';
import { block, described, DURATION, oneOf, ref, SWITCH, TEXT, texts, whole } from './common.ts';

const NOT_ENFORCED = 'Taken, but not enforced by this version.';

const SIZE: JsonObject = {
  title: 'a size such as 512Mi or 2Gi',
  type: ['string', 'integer'],
  pattern: `^${SIZE_PATTERN}$`,
  minimum: 0,
};

const CORES: JsonObject = {
  title: 'a number of cores such as 2, 0.5 or 500m',
  type: ['number', 'string'],
  pattern: `^${CORES_PATTERN}$`,
  minimum: 0,
};

const PARTS: JsonObject = { title: 'a list of components', type: 'array', items: oneOf(...COMPONENTS) };

const METRICS: JsonObject = {
  title: 'a list of metrics',
  type: 'array',
  items: oneOf('error_rate', 'latency'),
};

/** The parts of the schema that speak of flow control, logging and the like. */
export const BLOCK_DEFS: JsonObject = {
  notification: {
    ...block('true, false, or channels and recipients', {
      channels: { title: 'a list of channels', type: 'array', items: oneOf('slack', 'email', 'webhook') },
      recipients: texts('a list of recipients'),
    }),
    type: ['boolean', 'object'],
  },
  concurrency: block('limits of what runs at once', {
    max_workflows: described('How many executions of the workflow go on at once.', whole(1)),
    max_activities: described('How many activities of the workflow are called at once.', whole(1)),
    key: described('Each value of it has limits of its own; ${…} may stand in it.', TEXT),
    total: block('limits of all values of the key together, which take turns', {
      max_workflows: described('How many executions go on at once, whatever the key.', whole(1)),
      max_activities: described('How many activities are called at once, whatever the key.', whole(1)),
    }),
    queuing: block('how what does not fit waits', {
      strategy: described(
        'Who goes first: the one that came first, or the one with the highest priority.',
        oneOf('fifo', 'priority'),
      ),
      timeout: described(
        'How long one may wait before it fails with QueueTimeout; as long as it takes unless given.',
        DURATION,
      ),
    }),
  }),
  resources: block('limits of resources', {
    cpu: block('cores', {
      limit: described(NOT_ENFORCED, CORES),
      request: described('What is reserved on the node for each call that it makes.', CORES),
    }),
    memory: block('memory', {
      limit: described('The most that the process of a step with `isolate: process` may take.', SIZE),
      request: described('What is reserved on the node for each call that it makes; whole MiB.', SIZE),
    }),
  }),
  circuit_breaker: block('when calls are no longer tried', {
    threshold: described('So many failures in a row open it; 5 unless given.', whole(1)),
    timeout: described('A call that takes longer counts as a failure; none does unless given.', DURATION),
    reset: described('How long it stays open before one call is let through; 1m unless given.', DURATION),
    monitoring: block('what is watched', { enabled: SWITCH, metrics: METRICS }),
  }),
  bulkhead: block('how many calls at once', {
    max_concurrent: described('How many calls are made at once; 10 unless given.', whole(1)),
    max_queue_size: described('How many may wait; any number unless given.', whole(0)),
    timeout: described('How long one may wait; as long as it takes unless given.', DURATION),
    fallback: described(
      'What follows when it was turned away; that of the step unless given.',
      ref('fallback'),
    ),
  }),
  rate_limit: block(
    'how many calls in a time',
    {
      limit: described('How many calls are begun in the time.', whole(1)),
      per: described('The time.', DURATION),
      key: described('Each value of it has a limit of its own; ${…} may stand in it.', TEXT),
    },
    ['limit', 'per'],
  ),
  tracing: block('what is traced', {
    enabled: described('False: nothing.', SWITCH),
    sampling_rate: {
      title: 'a number from 0 to 1',
      description: 'The share of runs whose spans are kept; those that fail always are.',
      type: 'number',
      minimum: 0,
      maximum: 1,
    },
    capture: described('Inputs and outputs of those runs are kept too.', SWITCH),
    components: described('Of these parts only.', PARTS),
  }),
  logging: block('what is logged', {
    level: described('Lines that matter less are not kept; info unless given.', oneOf(...LOG_LEVELS)),
    components: described('Of these parts only.', PARTS),
    format: {
      title: 'fields of a row by name',
      description: 'For people: rows have the same fields whatever stands here.',
      type: 'object',
    },
  }),
  monitoring: { title: 'what is counted', type: 'object' },
  metrics: { title: 'what is measured', type: ['object', 'array'] },
};
