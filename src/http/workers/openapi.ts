import type { Json, JsonObject } from '../../domain/json.ts';
import { REQUESTS, type RequestName } from './requests.ts';

const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
});

const text = (description: string): JsonObject => ({ type: 'string', description });
const ms = (description: string): JsonObject => ({ type: 'integer', minimum: 1, description });

const ANSWERS: JsonObject = {
  Attempt: object({
    token: text('What the attempt is reported by. It is a secret of the worker; no other attempt has it.'),
    executionId: text('The execution.'),
    workflow: text('The name of its workflow.'),
    step: text('The path of the step.'),
    activity: text('The name of the activity that is to be done.'),
    attempt: { type: 'integer', minimum: 1, description: 'Which attempt of the step it is.' },
    idempotencyKey: text('The same over all attempts of a step: hand it to what you call.'),
    input: { description: 'What the step gives the activity.' },
    heartbeat: ms('Milliseconds within which each heartbeat is to follow the one before it.'),
    timeout: ms('Milliseconds that the attempt may take.'),
    traceparent: { type: ['string', 'null'], description: 'W3C trace context of the attempt.' },
    progress: { description: 'What an earlier attempt said last of how far it was; else null.' },
  }),
  Attempts: object({ attempts: { type: 'array', items: { $ref: '#/components/schemas/Attempt' } } }),
  Beat: object({
    stop: { type: 'boolean', description: 'Nobody wants the result any more: the worker is to stop.' },
    reason: {
      enum: ['cancelled', 'lost', 'paused', null],
      description:
        '`cancelled`: somebody called it off. `lost`: its time was over, or another attempt was begun. `paused`: the execution is, and the attempt goes on.',
    },
  }),
  Reported: object({
    status: { enum: ['completed', 'failed'], description: 'What was recorded.' },
    errorType: {
      type: ['string', 'null'],
      description: 'Of what failed: `InvalidOutput` and the like when what was sent could not be kept.',
    },
  }),
  Refusal: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: text('Stable.'), message: text('For people.') },
      },
    },
    additionalProperties: false,
  },
};

const json = (schema: string): JsonObject => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});

const refused = (description: string): JsonObject => ({ description, content: json('Refusal') });

const OF_TOKEN: JsonObject = {
  409: refused('`ATTEMPT_OVER`: the token is not that of an attempt that is under way.'),
  421: refused('`NOT_OWNER`: another node runs the execution; ask that.'),
};

const operation = (
  operationId: string,
  summary: string,
  request: RequestName,
  answer: string,
  more: JsonObject = {},
): JsonObject => ({
  post: {
    operationId,
    summary,
    requestBody: { required: true, content: json(request) },
    responses: {
      200: { description: 'Done.', content: json(answer) },
      400: refused('`BAD_USER_INPUT`: the body is not as described.'),
      413: refused('`PAYLOAD_TOO_LARGE`.'),
      415: refused('`UNSUPPORTED_MEDIA_TYPE`: the body is not sent as JSON.'),
      503: refused('`UNAVAILABLE`, `LOG_UNAVAILABLE`: ask again.'),
      ...more,
    } as Json,
  },
});

/** The API of workers, as OpenAPI 3.1 describes it. */
export const WORKERS_API: JsonObject = {
  openapi: '3.1.0',
  info: {
    title: 'Sagalog: remote workers',
    version: '1',
    description: 'How processes outside of the server serve activities, in any language.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: 'http://127.0.0.1:4000' }],
  paths: {
    '/workers/claim': operation(
      'claim',
      'Waits for attempts; none when none came in time.',
      'Claim',
      'Attempts',
    ),
    '/workers/heartbeat': operation(
      'heartbeat',
      'Says that an attempt goes on, and how far it is; asks whether it is to stop.',
      'Heartbeat',
      'Beat',
      { 421: OF_TOKEN['421'] ?? null },
    ),
    '/workers/complete': operation(
      'complete',
      'Ends an attempt with its output.',
      'Completion',
      'Reported',
      OF_TOKEN,
    ),
    '/workers/fail': operation('fail', 'Ends an attempt with an error.', 'Failure', 'Reported', OF_TOKEN),
  },
  components: { schemas: { ...REQUESTS, ...ANSWERS } },
};
