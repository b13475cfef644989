import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LONGEST_PAGE } from './limits.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Arguments that say how long a list becomes. */
export const SIZES: ReadonlySet<string> = new Set(['first', 'last', 'limit']);

/** What a list is taken to have that nothing says the length of. */
const SOME = 10;

const fieldOf = (type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

/** Whether the lists of a type are the page that its field was asked for. */
const isPage = (type: GraphQLCompositeType): boolean => fieldOf(type, 'pageInfo') !== undefined;

const pageOf = (size: unknown, fallback: unknown): number => {
  const found = size ?? fallback;
  return typeof found === 'number' ? Math.min(Math.max(found, 1), LONGEST_PAGE) : LONGEST_PAGE;
};

/** How many items a field may answer with. */
const itemsOf = (
  field: GraphQLField<unknown, unknown>,
  on: GraphQLCompositeType,
  { arguments: given = [] }: FieldNode,
  variables: Variables,
): number => {
  const size = field.args.find(({ name }) => SIZES.has(name));
  if (size !== undefined) {
    const value = given.find(({ name }) => name.value === size.name)?.value;
    return pageOf(value === undefined ? undefined : valueFromASTUntyped(value, variables), size.defaultValue);
  }
  return isListType(getNullableType(field.type)) && !isPage(on) ? SOME : 1;
};

/** What an operation is given for its variables, with what it says itself for those that it is not. */
const withDefaults = ({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables =>
  Object.fromEntries(
    variableDefinitions.map(({ variable: { name }, defaultValue }) => [
      name.value,
      given[name.value] ?? (defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue)),
    ]),
  );

/** How many fields the answer of an operation has when every page is full, by the schema and its variables. */
export const costOf = (
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables = {},
): number => {
  const variables = withDefaults(operation, given);
  const fragments = new Map<string, number>();

  const ofFragment = (spread: string): number => {
    const known = fragments.get(spread);
    if (known !== undefined) return known;
    fragments.set(spread, 0);
    const found = definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === spread,
    );
    if (found?.kind !== Kind.FRAGMENT_DEFINITION) return 0;
    const cost = ofSelections(found.selectionSet, typeOf(found.typeCondition.name.value));
    fragments.set(spread, cost);
    return cost;
  };

  const typeOf = (name: string): GraphQLCompositeType | undefined => {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  };

  const ofField = (node: FieldNode, on: GraphQLCompositeType): number => {
    const field = fieldOf(on, node.name.value);
    if (field === undefined || node.selectionSet === undefined) return 1;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return 1;
    return 1 + itemsOf(field, on, node, variables) * ofSelections(node.selectionSet, type);
  };

  const ofSelections = ({ selections }: SelectionSetNode, on: GraphQLCompositeType | undefined): number => {
    if (on === undefined) return 0;
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, on);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value);
      const { typeCondition, selectionSet } = selection;
      return (
        sum + ofSelections(selectionSet, typeCondition === undefined ? on : typeOf(typeCondition.name.value))
      );
    }, 0);
  };

  return ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
};
