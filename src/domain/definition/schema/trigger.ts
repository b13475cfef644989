import type { JsonObject } from '../../json.ts';
import { block, described, FIELDS, oneOf, TEXT, unsupported } from './common.ts';

/** Fields of a trigger that the language knows and this version does not carry out. */
export const UNSUPPORTED_TRIGGER_FIELDS = ['schedule', 'debounce', 'batch', 'singleton'] as const;

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

/** What starts runs. */
export const TRIGGER: JsonObject = {
  ...block('manual, or what else starts a run', {
    event: described('Type of the event that starts a run.', TEXT),
    conditions: described(
      'Fields of the event and the values that they must have; a text ${…} or "expr: …" must be true.',
      FIELDS,
    ),
    http: described('The request that starts a run.', HTTP),
    idempotency_key: described(
      'What makes two events, or requests, start the same run: ${event…} and ${input…} may stand in it.',
      TEXT,
    ),
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
