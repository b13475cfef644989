import type { JsonObject } from '../../json.ts';
import {
  block,
  described,
  DURATION,
  DURATION_OR_EXPRESSION,
  FIELDS,
  oneOf,
  ref,
  SWITCH,
  TEXT,
  texts,
  whole,
} from './common.ts';
import { NESTING_DEFS, NESTING_FIELDS } from './nesting.ts';

/** Fields of a step that are taken and not enforced. */
export const UNENFORCED_STEP_FIELDS = ['concurrency', 'notify', 'notification', 'labels', 'search'] as const;

const NOT_ENFORCED = 'Taken, but not enforced by this version.';

const RETRY: JsonObject = {
  backoff: block('how the delay between attempts grows', {
    initial: described('Delay before the second attempt; 1s unless given.', DURATION),
    multiplier: described('Each delay is so many times the one before it; 2 unless given.', {
      title: 'a number of 1 or more',
      type: 'number',
      minimum: 1,
    }),
    max: described('The longest delay; 5m unless given.', DURATION),
    jitter: described('Share of the delay that is drawn at random, 0.1 being ±10 %; 0.1 unless given.', {
      title: 'a number from 0 to 1',
      type: 'number',
      minimum: 0,
      maximum: 1,
    }),
  }),
  retry: block('how often an attempt is repeated', {
    max_attempts: described('How often to try, the first time counted.', whole(1)),
    backoff: ref('backoff'),
    non_retryable: described(
      'Types of errors after which no attempt follows.',
      texts('a list of types of errors'),
    ),
  }),
  fallback: block('what follows when the attempts are used up', {
    activity: described('skip, or the activity that is called with the input and the error.', TEXT),
    notify: described("Whether the workflow's notification is sent then.", SWITCH),
  }),
  timeout: {
    ...block('a duration, or the durations of an attempt, a step and a queue', {
      attempt: described('How long one attempt may take; 5m unless given.', DURATION),
      step: described(
        'How long a visit may take, from its first attempt on, with all others and its fallback.',
        DURATION,
      ),
      queue: described('How long it may wait for somebody to serve its activity.', DURATION),
      heartbeat: described('How long an attempt may go without saying how far it is.', DURATION),
    }),
    type: ['string', 'object'],
    pattern: DURATION['pattern'] ?? '',
  },
};

const EVENT_TYPE: JsonObject = {
  title: 'a type of at most 200 letters, digits and _ . : - that begins with a letter',
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9_.:-]{0,199}$',
};

const KINDS: JsonObject = {
  set: block('the variables to set', { variables: described('Variables by name.', FIELDS) }, ['variables']),
  wait: block('a time or a signal to wait for', {
    for: described('How long to wait.', DURATION_OR_EXPRESSION),
    until: described('The time to wait for.', {
      title: 'a time such as 2026-01-31T09:00:00Z, or an expression ${…}',
      type: 'string',
      minLength: 1,
    }),
    signal: described('The signal to wait for; its payload is `output`.', TEXT),
    timeout: described('How long to wait for the signal before the step fails with Timeout.', DURATION),
  }),
  approval: block('who decides, and in which time', {
    assignees: described('Names of those who may decide; everybody unless given.', {
      title: 'one or more names, or an expression ${…} that gives them',
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: TEXT,
    }),
    timeout: described('How long to wait before the step fails with Timeout.', DURATION),
  }),
  emit: block(
    'the event to emit',
    {
      event: described('Its type, such as ticket:closed.', EVENT_TYPE),
      payload: {
        title: 'a value',
        description: 'What it says; ${…} may stand in it. Null unless given.',
      },
    },
    ['event'],
  ),
  child: block(
    'the workflow to run',
    {
      name: described('Its name.', ref('name')),
      version: described(
        'Which version of it: its number, or its hash; the one that new executions run unless given.',
        {
          title: 'the number of a version, or its hash',
          type: ['integer', 'string'],
          minimum: 1,
          pattern: '^sha256:[0-9a-f]{64}$',
        },
      ),
      input: {
        title: 'a value',
        description: 'What it is given; ${…} may stand in it. Null unless given.',
      },
      wait: described('Whether the step waits for its end; true unless given.', SWITCH),
      on_cancel: described(
        'What becomes of it when nothing waits for it any more; cancel unless given.',
        oneOf('cancel', 'abandon'),
      ),
    },
    ['name'],
  ),
  fail: block('the error to fail with', {
    type: described('Its type; Failed unless given.', TEXT),
    message: described('What it says; ${…} may stand in it.', { title: 'a text', type: 'string' }),
  }),
  ...NESTING_DEFS,
};

/** The parts of the schema that speak of steps. */
export const STEP_DEFS: JsonObject = {
  ...RETRY,
  ...KINDS,
  step: block(
    'a step',
    {
      name: described('Names the step; the activity too, unless `activity` does.', ref('name')),
      description: { title: 'a text', description: 'For people.', type: 'string' },
      activity: described('The activity to call.', TEXT),
      input: {
        title: 'a value',
        description: 'What the activity is given; ${…} may stand in it. Without it: all variables.',
      },
      output: described('Variables to set from ${output…}, by name.', FIELDS),
      when: {
        title: 'an expression ${…}, true or false',
        description: 'False skips the step.',
        type: ['string', 'boolean'],
      },
      timeout: described('How long the step may take.', ref('timeout')),
      retry: described('How often to try.', ref('retry')),
      fallback: described('What to do when no attempt succeeded.', ref('fallback')),
      set: described('Sets variables instead of calling an activity.', ref('set')),
      wait: described('Waits instead of calling an activity.', ref('wait')),
      approval: described('Waits for somebody to decide.', ref('approval')),
      emit: described('Emits an event instead of calling an activity.', ref('emit')),
      workflow: described('Runs another workflow instead of calling an activity.', ref('child')),
      ...NESTING_FIELDS,
      fail: described('Fails instead of calling an activity.', ref('fail')),
      end: described('Ends the run as completed, whatever else is under way.', {
        title: 'true',
        const: true,
      }),
      next: described(
        'The step that comes next: of the same list, or of one around it that is no parallel or foreach.',
        ref('name'),
      ),
      max_visits: described('How often a run may come to the step; 100 unless given.', whole(1)),
      circuit_breaker: described(
        'When its activity is not called for a while, because calls of it fail.',
        ref('circuit_breaker'),
      ),
      bulkhead: described('How many calls of its activity at once.', ref('bulkhead')),
      rate_limit: described('How many calls of its activity are begun in a time.', ref('rate_limit')),
      isolate: described('Calls the activity in a process of its own.', oneOf('process')),
      resources: described('What it may take; over what the definition says.', ref('resources')),
      concurrency: described(NOT_ENFORCED, ref('concurrency')),
      notify: described(NOT_ENFORCED, SWITCH),
      notification: described(NOT_ENFORCED, ref('notification')),
      label: described('What to call it on the timeline; ${…} may stand in it.', TEXT),
      labels: { title: 'labels', description: NOT_ENFORCED, type: ['object', 'array'] },
      search: { title: 'search attributes', description: NOT_ENFORCED, type: ['object', 'array'] },
    },
    ['name'],
  ),
};
