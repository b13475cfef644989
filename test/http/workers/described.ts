import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { WORKERS_API } from '../../../src/http/workers/openapi.ts';
import type { HttpAnswer, HttpServerUnderTest, SendOptions } from '../open-http.ts';

const BASE = 'https://sagalog.example/workers.json';
const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ ...WORKERS_API, $id: BASE });

interface Described {
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': object } } | undefined>
  >;
}

const PATHS = WORKERS_API['paths'] as unknown as Readonly<
  Record<string, { readonly post: Described } | undefined>
>;

/** Holds an answer to what the API is described to answer. */
export const holdToDescription = (path: string, { status, headers, body }: HttpAnswer): void => {
  const known = PATHS[path]?.post.responses[String(status)];
  expect({ path, status, isKnown: known !== undefined }).toEqual({ path, status, isKnown: true });
  expect(headers.get('content-type')).toContain('application/json');
  const at = ['paths', path, 'post', 'responses', String(status), 'content', 'application/json', 'schema'];
  const pointer = at.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/');
  const check = ajv.getSchema(`${BASE}#/${pointer}`);
  const isRight = check?.(body);
  expect(check?.errors ?? []).toEqual([]);
  expect(isRight).toBe(true);
};

/** Sends what workers send; every answer is as it is described. */
export const sendingOf =
  ({ send }: HttpServerUnderTest) =>
  async (what: string, json?: unknown, options: SendOptions = {}): Promise<HttpAnswer> => {
    const path = `/workers/${what}`;
    const answer = await send('POST', path, { ...(json === undefined ? {} : { json }), ...options });
    holdToDescription(path, answer);
    return answer;
  };
