import { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { apiError } from '../errors/api-error.ts';
import type { GraphqlLimits } from './limits.ts';
import type { Operations } from './operations.ts';

/** What browsers send only after they have asked whether they may. */
const ASKED_FIRST = /^application\/(json|graphql\+json|graphql)\s*(;|$)/i;

type Limits = Pick<GraphqlLimits, 'batch'>;

const tooMany = (found: number, expected: number): GraphQLError =>
  apiError(
    'BATCH_TOO_LARGE',
    `Expected ${expected === 1 ? 'one operation' : `1 to ${expected} operations`} a request, but there are ${found}; send them one by one.`,
    { found, expected, http: { status: 400 } },
  );

const noJson = (name: string): GraphQLError =>
  apiError('BAD_REQUEST', `Expected ${name} that is JSON, but it is not.`, { field: name });

const isJson = (text: string | null): boolean => {
  if (text === null || text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a request before anything of it is read, and the status of that. */
const faultOf = ({ method, headers, url }: Request): [error: GraphQLError, status: number] | undefined => {
  if (method === 'GET') {
    const parameters = new URL(url).searchParams;
    const name = ['variables', 'extensions'].find((parameter) => !isJson(parameters.get(parameter)));
    return name === undefined ? undefined : [noJson(name), 400];
  }
  const type = headers.get('content-type') ?? '';
  if (method !== 'POST' || ASKED_FIRST.test(type)) return undefined;
  const found = type === '' ? 'nothing' : type;
  return [apiError('UNSUPPORTED_MEDIA_TYPE', `Expected application/json, but found ${found}.`), 415];
};

const answer = ({ Response }: FetchAPI, error: GraphQLError, status: number): Response =>
  new Response(JSON.stringify({ errors: [error] }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDocument = (query: unknown): query is string | null | undefined =>
  query == null || typeof query === 'string';

/**
 * Takes no request that a page of another site could send without its browser asking first, so that none can carry out
 * mutations for whoever looks at it; and no more operations at once than allowed. Puts in the
 * documents of those that only name theirs.
 */
export const requestPlugin = ({ batch }: Limits, operations: Operations): Plugin => ({
  onParams: ({ params, setParams }) => {
    // What has another form Yoga refuses.
    if (!isObject(params) || !isDocument(params.query)) return;
    const query = operations.documentOf(params);
    if (query !== undefined && query !== params.query) setParams({ ...params, query });
  },
  onRequestParse: ({ request, endResponse, fetchAPI }) => {
    const fault = faultOf(request);
    if (fault !== undefined) endResponse(answer(fetchAPI, ...fault));
    return {
      onRequestParseDone: ({ requestParserResult: parsed }) => {
        if (!Array.isArray(parsed)) return;
        if (parsed.length === 0 || parsed.length > batch) throw tooMany(parsed.length, batch);
      },
    };
  },
});

/** What Yoga says of a request that it cannot read, as everything else is said. */
export const requestFault = (error: unknown): unknown => {
  if (!(error instanceof GraphQLError)) return error;
  const { code, originalError } = error.extensions;
  if (code !== 'BAD_REQUEST' || originalError === undefined) return error;
  const { message: why } = originalError as Error;
  return apiError('BAD_REQUEST', `Expected a body that is JSON, but ${why}.`, { http: { status: 400 } });
};
