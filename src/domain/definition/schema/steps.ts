import type { JsonObject } from '../../json.ts';
import {
  block,
  DURATION,
  DURATION_OR_EXPRESSION,
  FIELDS,
  ref,
  SWITCH,
  TEXT,
  texts,
  whole,
} from './common.ts';

/** Kinds of steps, and fields of them, that the language knows and this version does not carry out. */
export const UNSUPPORTED_STEP_FIELDS = [
  'parallel',
  'foreach',
  'switch',
  'match',
  'while',
  'approval',
  'workflow',
  'emit',
  'fail',
  'end',
  'next',
  'max_visits',
  'isolate',
] as const;

/** Fields of a step that are taken and not enforced. */
export const UNENFORCED_STEP_FIELDS = [
  'circuit_breaker',
  'bulkhead',
  'rate_limit',
  'resources',
  'concurrency',
  'notify',
  'notification',
  'label',
  'labels',
  'search',
] as const;

const UNSUPPORTED: JsonObject = { description: 'Not carried out by this version.' };

const unsupported = (): JsonObject =>
  Object.fromEntries(UNSUPPORTED_STEP_FIELDS.map((name) => [name, UNSUPPORTED]));

/** The parts of the schema that speak of steps. */
export const STEP_DEFS: JsonObject = {
  backoff: block('how the delay between attempts grows', {
    initial: DURATION,
    multiplier: { title: 'a number of 1 or more', type: 'number', minimum: 1 },
    max: DURATION,
    jitter: { title: 'a number from 0 to 1', type: 'number', minimum: 0, maximum: 1 },
  }),
  retry: block('how often an attempt is repeated', {
    max_attempts: whole(1),
    backoff: ref('backoff'),
    non_retryable: texts('a list of types of errors'),
  }),
  fallback: block('what follows when the attempts are used up', { activity: TEXT, notify: SWITCH }),
  timeout: {
    ...block('a duration, or the durations of an attempt, a step and a queue', {
      attempt: DURATION,
      step: DURATION,
      queue: DURATION,
      heartbeat: DURATION,
    }),
    type: ['string', 'object'],
    pattern: DURATION['pattern'] ?? '',
  },
  set: block('the variables to set', { variables: FIELDS }, ['variables']),
  wait: block('a time or a signal to wait for', {
    for: DURATION_OR_EXPRESSION,
    until: {
      title: 'a time such as 2026-01-31T09:00:00Z, or an expression ${…}',
      type: 'string',
      minLength: 1,
    },
    signal: TEXT,
    timeout: DURATION,
  }),
  step: block(
    'a step',
    {
      name: ref('name'),
      description: { title: 'a text', type: 'string' },
      activity: TEXT,
      input: { description: 'What the activity is given. Without it: all variables.' },
      output: FIELDS,
      when: { title: 'an expression ${…}, true or false', type: ['string', 'boolean'] },
      timeout: ref('timeout'),
      retry: ref('retry'),
      fallback: ref('fallback'),
      set: ref('set'),
      wait: ref('wait'),
      circuit_breaker: ref('circuit_breaker'),
      bulkhead: ref('bulkhead'),
      rate_limit: ref('rate_limit'),
      resources: ref('resources'),
      concurrency: ref('concurrency'),
      notify: SWITCH,
      notification: ref('notification'),
      label: TEXT,
      labels: { title: 'labels', type: ['object', 'array'] },
      search: { title: 'search attributes', type: ['object', 'array'] },
      ...unsupported(),
    },
    ['name'],
  ),
};
