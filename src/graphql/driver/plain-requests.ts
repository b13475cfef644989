import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { ErrorMapper } from '../errors/error-mapper.ts';
import type { GraphqlLimits } from './limits.ts';
import type { Operations } from './operations.ts';
import { prepare, type Params } from './prepare.ts';
import { requestFault } from './request.plugin.ts';
import type { Yoga } from './transport.ts';

/** Bytes of a body that is read here; those of most requests have a few hundred. */
const MOST = 64 * 1024;

/** What answers to what is accepted are told as; what is not here Yoga decides. */
const TOLD = new Map([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
]);

const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;

const isPlain = ({ method, headers }: IncomingMessage, most: number): boolean => {
  const {
    'content-type': type = '',
    'content-length': length,
    'content-encoding': encoding,
    accept,
  } = headers;
  if (method !== 'POST' || encoding !== undefined || length === undefined) return false;
  return Number(length) > 0 && Number(length) <= most && JSON_TYPE.test(type) && TOLD.has(accept);
};

/** What Yoga looks at of a request besides. */
const POST = Object.freeze({ method: 'POST' });

const NAMES = new Set(['query', 'operationName', 'variables', 'extensions']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One operation that is no subscription, with nothing about it that is to be refused or told in a way of its own. */
const isPlainOperation = (params: unknown): params is Params & { readonly query: string } => {
  if (!isObject(params)) return false;
  const { query, operationName, variables, extensions } = params;
  if (typeof query !== 'string' || query === '' || query.includes('subscription')) return false;
  if (operationName != null && typeof operationName !== 'string') return false;
  if (variables != null && !isObject(variables)) return false;
  return extensions == null && Object.keys(params).every((name) => NAMES.has(name));
};

const paramsIn = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

const bodyOf = (request: IncomingMessage, then: (body: Buffer) => void): void => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  // Of one that is cut off there is no end, and nobody to be answered.
  request.once('end', () => {
    const [first] = parts;
    then(first !== undefined && parts.length === 1 ? first : Buffer.concat(parts));
  });
};

const send = (response: ServerResponse, status: number, headers: object, text: string): void => {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

/** What answers a request, or hands it on. */
export type Answer = (request: IncomingMessage, response: ServerResponse, within: Within) => void;

/** Does something as part of a request. */
export type Within = (work: () => void) => void;

/** What plain requests are answered by. */
export interface PlainRequestsOptions {
  readonly yoga: Yoga;
  readonly operations: Operations;
  readonly mapError: ErrorMapper;
  /** Where they come; requests for anything below are none of these. */
  readonly path: string;
  readonly limits: Pick<GraphqlLimits, 'message'>;
}

/**
 * Answers requests that are as almost all are, one operation of JSON that is answered by JSON, as Yoga does, by the same
 * parsing, checks and execution, without what it takes for those of every kind. All others it hands on.
 */
export const answerPlainRequests = ({
  yoga,
  operations,
  mapError,
  path,
  limits,
}: PlainRequestsOptions): Answer => {
  const most = Math.min(MOST, limits.message);

  const resultOf = async (
    req: IncomingMessage,
    res: ServerResponse,
    params: Params,
  ): Promise<ExecutionResult> => {
    const prepared = await prepare(yoga, operations, { req, res, request: POST }, params);
    if (!('args' in prepared)) return { errors: prepared };
    return (await prepared.execute(prepared.args)) as ExecutionResult;
  };

  const tell = async (res: ServerResponse, type: string, result: ExecutionResult): Promise<void> => {
    if (result.errors === undefined) {
      send(res, 200, { 'content-type': `${type}; charset=utf-8` }, JSON.stringify(result));
      return;
    }
    // What errors say of the status and of headers is Yoga's affair.
    const told = processRegularResult(result, yoga.fetchAPI, type);
    send(res, told.status, Object.fromEntries(told.headers), await told.text());
  };

  const answer = async (req: IncomingMessage, res: ServerResponse, params: Params): Promise<void> => {
    const type = TOLD.get(req.headers.accept) ?? '';
    try {
      await tell(res, type, await resultOf(req, res, params));
    } catch (error) {
      await tell(res, type, { errors: [mapError(requestFault(error))] });
    }
  };

  return (req, res, within) => {
    const { originalUrl } = req as IncomingMessage & { readonly originalUrl?: string };
    if (originalUrl !== path || !isPlain(req, most)) {
      within(() => void yoga(req, res));
      return;
    }
    bodyOf(req, (body) => {
      const params = paramsIn(body);
      within(() => {
        // Whatever is wrong with it is told as ever.
        if (!isPlainOperation(params)) void yoga(Object.assign(req, { body }), res);
        else void answer(req, res, params);
      });
    });
  };
};
