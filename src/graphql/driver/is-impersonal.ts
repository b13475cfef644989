import {
  BREAK,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

const subscribesOnce = ({ definitions }: DocumentNode): boolean => {
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operations.length === 1 && operations[0]?.operation === OperationTypeNode.SUBSCRIPTION;
};

const finds = (schema: GraphQLSchema, document: DocumentNode, fields: ReadonlySet<string>): boolean => {
  const info = new TypeInfo(schema);
  const found = { personal: false };
  const give = (): typeof BREAK => {
    found.personal = true;
    return BREAK;
  };
  const root = schema.getSubscriptionType();
  visit(
    document,
    visitWithTypeInfo(info, {
      VariableDefinition: () => false,
      // What may be left out or is asked for by variables differs from one subscriber to the next.
      Directive: give,
      Variable: give,
      // Which values come is the source's affair, not how they are told.
      Argument: () => (info.getParentType() === root ? false : undefined),
      Field: ({ name: { value: name } }) =>
        name.startsWith('__') || fields.has(`${info.getParentType()?.name}.${name}`) ? undefined : give(),
    }),
  );
  return !found.personal;
};

/**
 * Whether what a valid document tells of a value of its subscription depends on nothing but that value: it has one
 * operation, and below its root only fields of these, without directives and variables.
 */
export const createIsImpersonal = (
  fields: ReadonlySet<string>,
): ((schema: GraphQLSchema, document: DocumentNode) => boolean) => {
  const known = new WeakMap<DocumentNode, boolean>();
  return (schema, document) => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const is = subscribesOnce(document) && finds(schema, document, fields);
    known.set(document, is);
    return is;
  };
};
