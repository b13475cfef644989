import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { apiError } from '../errors/api-error.ts';
import { createCosts } from './known-costs.ts';
import type { GraphqlLimits } from './limits.ts';

// Like what is wrong with a document: 400 for clients that know the media type of GraphQL.
const HTTP = { spec: true, status: 400 };

const refused = (found: number, expected: number): ExecutionResult => ({
  errors: [
    apiError(
      'QUERY_TOO_COSTLY',
      `Expected an answer of at most ${expected} fields, but full pages may have ${found}; ask for smaller ones.`,
      { found, expected, http: HTTP },
    ),
  ],
  extensions: { cost: { requested: found, limit: expected } },
});

/**
 * Refuses operations whose answer may become too large, which only their variables tell, and says in the answer of others
 * what they cost: `extensions.cost`.
 */
export const costPlugin = ({ cost: limit }: Pick<GraphqlLimits, 'cost'>): Plugin => {
  const requestedBy = createCosts();
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const requested = requestedBy(args);
      if (requested > limit) {
        setResultAndStopExecution(refused(requested, limit));
        return {};
      }
      return {
        onExecuteDone: ({ result, setResult }) => {
          const { extensions, ...rest } = result as ExecutionResult;
          setResult({ ...rest, extensions: { ...extensions, cost: { requested, limit } } });
        },
      };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const requested = requestedBy(args);
      if (requested > limit) setResultAndStopExecution(refused(requested, limit));
    },
  };
};
