import { getOperationAST, OperationTypeNode, type ExecutionArgs, type GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Clock } from '../../ports/clock.ts';
import { apiError } from '../errors/api-error.ts';
import { forAsLongAs } from '../patience.ts';
import type { GraphqlLimits } from './limits.ts';
import type { Transport } from './transport.ts';

const tooLong = (expected: number): GraphQLError =>
  apiError(
    'QUERY_TIMEOUT',
    `Expected an answer within ${expected} ms, but there is none yet; ask for less, or for less of the past.`,
    { expected },
  );

const gone = (): GraphQLError =>
  apiError('CLIENT_GONE', 'Expected somebody to wait for the answer, but they have gone.');

/** Has it said when somebody waits no longer, of their request, socket or connection, until that is no news any more. */
const whenGone = ({ contextValue }: ExecutionArgs, leave: () => void): (() => void) => {
  const { left, request, res } = contextValue as Partial<Transport>;
  const signal = left ?? request?.signal;
  if (signal !== undefined) {
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    return () => signal.removeEventListener('abort', leave);
  }
  res?.once('close', leave);
  if (res?.destroyed === true) leave();
  return () => res?.removeListener('close', leave);
};

/**
 * Answers a query that takes too long by an error, and stops its work then, as when its client has gone. Mutations are
 * carried out to their end: nobody would know how far they came.
 */
export const patiencePlugin = ({ query: most }: Pick<GraphqlLimits, 'query'>, clock: Clock): Plugin => ({
  onExecute: ({ args, executeFn, setExecuteFn }) => {
    const kind = getOperationAST(args.document, args.operationName)?.operation;
    if (kind !== OperationTypeNode.QUERY) return;
    setExecuteFn(async (given: ExecutionArgs): Promise<unknown> => {
      const over = new AbortController();
      // To listen to the signal would take longer than all else here.
      const { promise: ended, reject } = Promise.withResolvers<never>();
      const end = (reason: GraphQLError): void => {
        over.abort(reason);
        reject(reason);
      };
      const leave = (): void => end(gone());
      const left = whenGone(given, leave);
      const timer = clock.after(most, () => end(tooLong(most)));
      try {
        return await Promise.race([forAsLongAs(over.signal, () => executeFn(given) as unknown), ended]);
      } catch (error) {
        if (error !== over.signal.reason) throw error;
        return { errors: [error] };
      } finally {
        timer.cancel();
        left();
      }
    });
  },
});
