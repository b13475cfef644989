import { shortened } from '../../domain/cut.ts';
import type { Json } from '../../domain/json.ts';
import type { Activity, ActivityContext } from '../../ports/activities.ts';
import { defineActivity } from '../define-activity.ts';
import { NonRetryable } from '../non-retryable.ts';
import { HttpError } from './errors.ts';
import { INPUT, requestOf, type HttpInput } from './request.ts';
import { bodyOf, headersOf } from './response.ts';
import { createSecrets, type Environment, type Secrets } from './secrets.ts';
import { send } from './send.ts';

const MAX_BYTES = 262_144;
const MAX_REDIRECTS = 5;
const SHOWN_BODY = 4_096;

/** What the `http` activity answers. */
interface HttpOutput {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/**
 * The built-in `http`: one request; answers `{ status, headers, body }`. Fails with `HttpStatus` for a status that
 * is not expected (default 2xx), `Network` when there is no answer, `ResponseTooLarge`, `InvalidResponse`,
 * `TooManyRedirects`. A value `{ secret: NAME }` is replaced by the variable `SAGALOG_SECRET_<NAME>` of `env` on its
 * way out, and taken out of whatever comes back: output and errors never hold it.
 */
export const httpActivity = (env: Environment): Activity =>
  defineActivity<HttpInput, HttpOutput>({
    name: 'http',
    input: INPUT,
    run: async (ctx, input) => {
      const secrets = createSecrets(env);
      try {
        const answer = await call(ctx, input, secrets);
        return secrets.redact({ ...answer }) as unknown as HttpOutput;
      } catch (error) {
        throw redacted(error, secrets);
      }
    },
  });

const call = async (ctx: ActivityContext, input: HttpInput, secrets: Secrets): Promise<HttpOutput> => {
  const { signal } = ctx;
  const request = requestOf(input, ctx, secrets);
  const response = await send(request, input.max_redirects ?? MAX_REDIRECTS, signal);
  const { status } = response;
  const body = await bodyOf(response, input.max_bytes ?? MAX_BYTES, signal);
  if (isExpected(status, input.expected_status)) return { status, headers: headersOf(response), body };
  throw new HttpError(
    'HttpStatus',
    `Expected ${request.method} ${request.url.origin}${request.url.pathname} to answer ${described(input.expected_status)}, but it answered ${status}.`,
    { status, body: shown(secrets.redact(body)), retry_after: response.headers.get('retry-after') },
  );
};

const isExpected = (status: number, expected: HttpInput['expected_status']): boolean => {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
};

const described = (expected: HttpInput['expected_status']): string => {
  if (expected === undefined) return '2xx';
  return typeof expected === 'number' ? String(expected) : expected.join(' or ');
};

const shown = (body: Json): Json => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length <= SHOWN_BODY ? body : shortened(text, SHOWN_BODY);
};

/** The same error without secrets, and without a cause that could hold them. */
const redacted = (error: unknown, secrets: Secrets): unknown => {
  if (error instanceof HttpError)
    return new HttpError(error.type, secrets.redactText(error.message), secrets.redact(error.details));
  if (error instanceof NonRetryable)
    return new NonRetryable(secrets.redactText(error.message), {
      type: error.type,
      ...(error.details === undefined ? {} : { details: secrets.redact(error.details) }),
    });
  return error;
};
