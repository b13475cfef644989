import type { JsonObject } from '../../json.ts';
import { block, described, FIELDS, oneOf, TEXT, unsupported } from './common.ts';

/** Fields of a trigger that the language knows and this version does not carry out. */
export const UNSUPPORTED_TRIGGER_FIELDS = ['debounce', 'batch'] as const;

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
    ...unsupported(UNSUPPORTED_TRIGGER_FIELDS),
  }),
  type: ['string', 'object'],
  pattern: '^manual$',
};
