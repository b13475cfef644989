import type { ValidationRule } from 'graphql';
import { apiError } from '../errors/api-error.ts';
import { createMeasure } from './measure.ts';
import type { GraphqlLimits } from './limits.ts';

/** Refuses operations that are too deep or may answer with too much. Introspection has a rule of its own in GraphQL. */
export const limitsRule =
  ({ depth, cost }: Pick<GraphqlLimits, 'depth' | 'cost'>): ValidationRule =>
  (context) => {
    const measure = createMeasure((name) => context.getFragment(name));
    return {
      OperationDefinition: ({ selectionSet }) => {
        const found = measure(selectionSet);
        if (found.depth > depth) {
          context.reportError(
            apiError(
              'QUERY_TOO_DEEP',
              `Expected fields at most ${depth} deep, but they are ${found.depth}.`,
              {
                found: found.depth,
                expected: depth,
              },
            ),
          );
        }
        if (found.cost > cost) {
          context.reportError(
            apiError(
              'QUERY_TOO_COSTLY',
              `Expected an answer of at most ${cost} fields, but full pages may have ${found.cost}; ask for smaller ones.`,
              { found: found.cost, expected: cost },
            ),
          );
        }
        return false;
      },
    };
  };
