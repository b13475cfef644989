import { GraphQLError, Kind, type GraphQLErrorExtensions } from 'graphql';
import type { Ids } from '../../ports/ids.ts';
import type { Logger } from '../../ports/logger.ts';
import { requestLogger } from '../request-log.ts';
import { coercionFault } from './coercion-fault.ts';
import { knownError } from './known-errors.ts';

/** Gives any error the form that callers see: a message, its place, and `extensions.code`. */
export type ErrorMapper = (error: unknown) => GraphQLError;

/** What `createErrorMapper` needs. */
export interface ErrorMapperOptions {
  readonly logger: Logger;
  readonly ids: Ids;
  /** Errors nobody foresaw show their message and stack. */
  readonly development: boolean;
}

/** The error below the layers that GraphQL put around it. */
const rootOf = (error: unknown): unknown => {
  let root = error;
  while (root instanceof GraphQLError && root.originalError !== undefined) root = root.originalError;
  return root;
};

/** What HTTP says of an error besides: when to try again, in whole seconds; how somebody says who they are. */
const httpOf = ({ code, retryAfter }: GraphQLErrorExtensions): GraphQLErrorExtensions['http'] => {
  if (code === 'UNAUTHENTICATED') return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };
  return typeof retryAfter === 'number'
    ? { headers: { 'Retry-After': String(Math.ceil(retryAfter / 1_000)) } }
    : undefined;
};

/** The code of an error that GraphQL itself raised; `undefined` when it is a fault of the server. */
const codeOf = (error: GraphQLError): string | undefined => {
  const { code } = error.extensions;
  if (typeof code === 'string') return code;
  if (error.path === undefined) return 'BAD_USER_INPUT';
  // An argument that cannot be coerced stands at its value; a null that must not be one, at its field.
  return error.nodes?.[0]?.kind === Kind.FIELD ? undefined : 'BAD_USER_INPUT';
};

/** The code that callers see of an error. */
export const errorCode = (error: unknown): string => {
  const root = rootOf(error);
  const own = root instanceof GraphQLError && error instanceof GraphQLError ? codeOf(error) : undefined;
  return own ?? knownError(root)?.code ?? 'INTERNAL';
};

/**
 * Maps errors to coded ones. Whatever has no code becomes `INTERNAL` with an id under which the logger has it,
 * stack and all. Mapping a mapped error changes nothing.
 */
export const createErrorMapper = ({ logger: log, ids, development }: ErrorMapperOptions): ErrorMapper => {
  const logger = requestLogger(log);
  const mapped = new WeakSet<GraphQLError>();

  const at = (error: unknown, message: string, extensions: GraphQLErrorExtensions): GraphQLError => {
    const place = error instanceof GraphQLError ? error : undefined;
    const http = place?.extensions.http ?? httpOf(extensions);
    const answer = new GraphQLError(message, {
      nodes: place?.nodes ?? null,
      source: place?.source ?? null,
      positions: place?.positions ?? null,
      path: place?.path ?? null,
      extensions: http === undefined ? extensions : { ...extensions, http },
    });
    mapped.add(answer);
    return answer;
  };

  return (error) => {
    if (error instanceof GraphQLError && mapped.has(error)) return error;
    const root = rootOf(error);
    if (root instanceof GraphQLError && error instanceof GraphQLError) {
      const code = codeOf(error);
      if (code !== undefined)
        return at(error, error.message, { ...coercionFault(error), ...error.extensions, code });
    }
    const path = error instanceof GraphQLError ? error.path?.join('.') : undefined;
    const known = knownError(root);
    if (known !== undefined) {
      const { code, message, details, logged } = known;
      if (logged) logger.warn({ err: root, code, path }, 'A request was answered with an error');
      return at(error, message, { ...details, code });
    }
    const id = ids.next();
    logger.error({ err: root, id, path }, 'A request failed');
    return at(error, `Expected to answer, but the server failed; its log says why under ${id}.`, {
      code: 'INTERNAL',
      id,
      ...(development ? { cause: root instanceof Error ? (root.stack ?? root.message) : String(root) } : {}),
    });
  };
};
