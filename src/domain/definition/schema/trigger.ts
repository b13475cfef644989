import type { JsonObject } from '../../json.ts';
import { MOST_GATHERED } from '../gathering.ts';
import { block, described, DURATION, FIELDS, oneOf, TEXT } from './common.ts';

/** How requests that start a run are made: not GET, which whoever only looks at a link sends. */
export const ROUTE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

const HTTP: JsonObject = block(
  'a method and a path',
  {
    method: described('Method of the request.', oneOf(...ROUTE_METHODS)),
    path: {
      title: 'a path such as /orders/new, of letters, digits and "-", "_", ".", "~"',
      description: 'Path of the request, as it is written in its URL.',
      type: 'string',
      pattern: '^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+$',
      maxLength: 200,
    },
  },
  ['method', 'path'],
);

const SCHEDULE: JsonObject = block(
  'a cron expression and what goes with it',
  {
    cron: described(
      'Minute, hour, day of the month, month and day of the week: 0 9 * * MON-FRI; or @hourly, @daily, @weekly, @monthly, @yearly.',
      TEXT,
    ),
    time_zone: described('Where those are the time: Europe/Berlin. UTC unless given.', TEXT),
    overlap: described(
      'What becomes of a time that comes while the run before goes on: skip unless given.',
      oneOf('skip', 'queue', 'allow'),
    ),
    catch_up: described(
      'Which times are made up for that came while no server was there: none unless given.',
      oneOf('none', 'last', 'all'),
    ),
  },
  ['cron'],
);

const GATHERED_KEY = described(
  'What of the event tells them apart: an expression ${event…}; each key is gathered for itself.',
  TEXT,
);

const DEBOUNCE: JsonObject = block(
  'how long it has to be quiet',
  {
    for: described('How long after the last event of a key the run is started.', DURATION),
    max: described(
      'How long after the first one at the latest; as long as events come unless given.',
      DURATION,
    ),
    key: GATHERED_KEY,
  },
  ['for'],
);

const BATCH: JsonObject = block(
  'how many events a run is started with',
  {
    size: {
      title: `a whole number from 1 to ${MOST_GATHERED.toLocaleString('en')}`,
      description: 'So many events of a key start a run at once.',
      type: 'integer',
      minimum: 1,
      maximum: MOST_GATHERED,
    },
    timeout: described('How long after the first event those are started with that are there.', DURATION),
    key: GATHERED_KEY,
  },
  ['size', 'timeout'],
);

/** What starts runs. */
export const TRIGGER: JsonObject = {
  ...block('manual, or what else starts a run', {
    event: described('Type of the event that starts a run.', TEXT),
    conditions: described(
      'Fields of the event and the values that they must have; a text ${…} or "expr: …" must be true.',
      FIELDS,
    ),
    http: described('The request that starts a run.', HTTP),
    schedule: described('The times at which runs are started.', SCHEDULE),
    idempotency_key: described(
      'What makes two events, or requests, start the same run: ${event…} and ${input…} may stand in it.',
      TEXT,
    ),
    singleton: {
      title: 'true, false, or the key of which one runs at a time',
      description: 'While one runs, of this key where there is one, an event does not start another.',
      type: ['boolean', 'object'],
      additionalProperties: false,
      properties: { key: described('What of the event tells them apart: an expression ${event…}.', TEXT) },
      required: ['key'],
    },
    manual: {
      title: 'true, false or nothing',
      description: 'A start by hand is always possible.',
      type: ['boolean', 'null'],
    },
    debounce: described('The last of a burst of events starts a run, once it is quiet.', DEBOUNCE),
    batch: described('Events start a run together.', BATCH),
  }),
  type: ['string', 'object'],
  pattern: '^manual$',
};
