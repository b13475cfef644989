import { Kind, OperationTypeNode, type SelectionSetNode, type ValidationRule } from 'graphql';
import { apiError } from '../errors/api-error.ts';

const LEAVES_OUT = new Set(['skip', 'include']);

/**
 * Refuses subscriptions whose field may be left out, as GraphQL does from its edition of 2025 on: nothing can be subscribed to
 * then, and what carries subscriptions out fails of it.
 */
export const subscriptionRule: ValidationRule = (context) => {
  const leavesOut = ({ selections }: SelectionSetNode, seen: ReadonlySet<string> = new Set()): boolean =>
    selections.some((selection) => {
      if (selection.directives?.some(({ name }) => LEAVES_OUT.has(name.value)) === true) return true;
      if (selection.kind === Kind.FIELD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return leavesOut(selection.selectionSet, seen);
      const { value } = selection.name;
      const fragment = seen.has(value) ? undefined : context.getFragment(value);
      return fragment != null && leavesOut(fragment.selectionSet, new Set([...seen, value]));
    });
  return {
    OperationDefinition: ({ operation, selectionSet }) => {
      if (operation === OperationTypeNode.SUBSCRIPTION && leavesOut(selectionSet))
        context.reportError(
          apiError(
            'GRAPHQL_VALIDATION_FAILED',
            'Expected a subscription whose field is always there, but @skip or @include may leave it out.',
          ),
        );
      return false;
    },
  };
};
