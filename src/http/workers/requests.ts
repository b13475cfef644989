import { compileSchema } from '../../domain/json-schema.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { Json, JsonObject } from '../../domain/json.ts';

const NAME = { type: 'string', pattern: '^[A-Za-z][\\w.-]{0,127}$' };
const TOKEN = { type: 'string', minLength: 1, maxLength: 16_384, description: 'The token of the attempt.' };

/** Milliseconds that a worker waits unless it says how long. */
export const USUAL_WAIT = 30_000;

const closed = (required: readonly string[], properties: JsonObject): JsonObject => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

/** JSON Schemas (2020-12) of what workers send, by the name of the request. */
export const REQUESTS = {
  Claim: closed(['worker', 'activities'], {
    worker: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'What the worker calls itself; the timeline shows it.',
    },
    activities: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      description: 'What the worker serves: names, or names with JSON Schemas of input and output.',
      items: {
        anyOf: [
          NAME,
          closed(['name'], { name: NAME, input: { type: 'object' }, output: { type: 'object' } }),
        ],
      },
    },
    max: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000,
      default: 1,
      description: 'The most attempts that the worker takes.',
    },
    wait: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      default: USUAL_WAIT,
      description: 'Milliseconds that the worker waits for the first of them.',
    },
  }),
  Heartbeat: closed(['token'], {
    token: TOKEN,
    progress: { description: 'How far the attempt is: what a next attempt is given. Null says nothing.' },
  }),
  Completion: closed(['token', 'output'], {
    token: TOKEN,
    output: { description: 'What the attempt came to.' },
  }),
  Failure: closed(['token', 'type', 'message'], {
    token: TOKEN,
    type: { type: 'string', minLength: 1, maxLength: 200, description: 'What `non_retryable` names it by.' },
    message: { type: 'string' },
    nonRetryable: {
      type: 'boolean',
      default: false,
      description: 'The step has failed for good, whatever its retry policy says.',
    },
    details: { description: 'Whatever else there is to say of it.' },
  }),
} as const satisfies Readonly<Record<string, JsonObject>>;

/** What a worker sends. */
export type RequestName = keyof typeof REQUESTS;

/** The fields of a request, as its schema has them. */
export type Fields = Readonly<Record<string, Json>>;

/** Reads the body of a request. Throws `BAD_USER_INPUT` that names everything that is wrong with it. */
export const reader = (name: RequestName): ((body: Json) => Fields) => {
  const check = compileSchema(REQUESTS[name]);
  return (body) => {
    const wrong = check(body);
    if (wrong.length === 0) return body as Fields;
    const message = `Expected a body that the API of workers describes as ${name}, but ${wrong.join('; ')}.`;
    throw new Rejection('BAD_USER_INPUT', message, { field: 'body', expected: name });
  };
};
