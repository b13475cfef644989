import type { Json, JsonObject } from '../../domain/json.ts';
import type { ActivityContext } from '../../ports/activities.ts';
import { NonRetryable } from '../non-retryable.ts';
import { isReference, type SecretReference, type Secrets } from './secrets.ts';

/** The input of the `http` activity. */
export interface HttpInput {
  readonly method?: string;
  readonly url: string | SecretReference;
  readonly query?: Readonly<Record<string, string | number | boolean | SecretReference>>;
  readonly headers?: Readonly<Record<string, string | SecretReference>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: Json;
  readonly expected_status?: number | readonly number[];
  readonly max_bytes?: number;
  readonly max_redirects?: number;
}

/** A request to be sent; headers that hold secrets stay with the origin that they are meant for. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly secretHeaders: readonly string[];
  readonly body: string | undefined;
  readonly secretBody: boolean;
}

/** Makes the request that an input describes, secrets filled in. Throws `NonRetryable` for one that cannot be sent. */
export const requestOf = (input: HttpInput, ctx: ActivityContext, secrets: Secrets): HttpRequest => {
  const headers = new Headers({ 'idempotency-key': ctx.idempotencyKey });
  if (ctx.traceparent !== undefined) headers.set('traceparent', ctx.traceparent);
  const secretHeaders = ['authorization', 'cookie', 'proxy-authorization'];
  for (const [name, value] of Object.entries(input.headers ?? {})) {
    setHeader(headers, name, secrets.text(value));
    if (isReference(value as Json)) secretHeaders.push(name);
  }
  const method = (input.method ?? 'GET').toUpperCase();
  if (input.body !== undefined && (method === 'GET' || method === 'HEAD'))
    throw invalid(`Expected a ${method} request to have no body, but it has one.`);
  const body = input.body === undefined ? undefined : secrets.fill(input.body);
  if (body !== undefined && typeof body.value !== 'string' && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  return {
    method,
    url: urlOf(input, secrets),
    headers,
    secretHeaders,
    body: typeof body?.value === 'string' ? body.value : body && JSON.stringify(body.value),
    secretBody: body?.secret ?? false,
  };
};

const invalid = (message: string): NonRetryable => new NonRetryable(message, { type: 'InvalidInput' });

const setHeader = (headers: Headers, name: string, value: string): void => {
  try {
    headers.set(name, value);
  } catch {
    throw invalid(`Expected headers that can be sent, but "${name}" cannot.`);
  }
};

const urlOf = (input: HttpInput, secrets: Secrets): URL => {
  const text = secrets.text(input.url);
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw invalid(`Expected an http or https URL, but found "${text}".`);
  if (url.username !== '' || url.password !== '')
    throw invalid('Expected a URL without user and password (use a header), but it has them.');
  for (const [name, value] of Object.entries(input.query ?? {}))
    url.searchParams.append(name, typeof value === 'object' ? secrets.text(value) : String(value));
  return url;
};

const TEXT_OR_SECRET: JsonObject = {
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      required: ['secret'],
      additionalProperties: false,
      properties: {
        secret: { type: 'string', pattern: '^[A-Za-z0-9_]+$' },
        prefix: { type: 'string' },
        suffix: { type: 'string' },
      },
    },
  ],
};
const STATUS: JsonObject = { type: 'integer', minimum: 100, maximum: 599 };

/** What the `http` activity takes. */
export const INPUT: JsonObject = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    method: {
      type: 'string',
      pattern: '^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|get|head|post|put|patch|delete|options)$',
    },
    url: TEXT_OR_SECRET,
    query: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: ['string', 'number', 'boolean'] }, TEXT_OR_SECRET] },
    },
    headers: { type: 'object', additionalProperties: TEXT_OR_SECRET },
    body: {},
    expected_status: { anyOf: [STATUS, { type: 'array', items: STATUS, minItems: 1 }] },
    max_bytes: { type: 'integer', minimum: 0, maximum: 1_000_000 },
    max_redirects: { type: 'integer', minimum: 0, maximum: 20 },
  },
};
