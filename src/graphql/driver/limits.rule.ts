import type { GraphQLError, ValidationRule } from 'graphql';
import { apiError } from '../errors/api-error.ts';
import type { GraphqlLimits } from './limits.ts';
import { createShapes } from './shape.ts';

const tooDeep = (found: number, expected: number): GraphQLError =>
  apiError(
    'QUERY_TOO_DEEP',
    `Expected fields at most ${expected} deep, but they are ${found}; ask for what is further down by its id.`,
    { found, expected },
  );

const tooManyAliases = (found: number, expected: number): GraphQLError =>
  apiError(
    'TOO_MANY_ALIASES',
    `Expected at most ${expected} fields under another name, but there are ${found}; send several operations.`,
    { found, expected },
  );

const tooMuchOfSchema = (found: number, expected: number): GraphQLError =>
  apiError(
    'INTROSPECTION_TOO_COSTLY',
    `Expected at most ${expected} fields of the schema itself, but there are ${found}; send several operations.`,
    { found, expected },
  );

/** Refuses operations by their shape: too deep, too many fields under other names, or too much of the schema itself. */
export const limitsRule = ({
  depth,
  aliases,
  introspection,
}: Pick<GraphqlLimits, 'depth' | 'aliases' | 'introspection'>): ValidationRule => {
  // Named, for Yoga keeps what a document was found to be by the names of rules.
  const limitsOfShape: ValidationRule = (context) => {
    const shapeOf = createShapes((name) => context.getFragment(name));
    return {
      OperationDefinition: ({ selectionSet }) => {
        const shape = shapeOf(selectionSet);
        if (shape.depth > depth) context.reportError(tooDeep(shape.depth, depth));
        if (shape.aliases > aliases) context.reportError(tooManyAliases(shape.aliases, aliases));
        if (shape.introspection > introspection)
          context.reportError(tooMuchOfSchema(shape.introspection, introspection));
        return false;
      },
    };
  };
  return limitsOfShape;
};
