import {
  isValueNode,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';

/** What is wrong with an input, wherever it was written: `field` is its dotted path. */
export interface InputFault {
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

const nameOf = (node: ASTNode): string | undefined => {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  return node.kind === Kind.VARIABLE_DEFINITION ? `$${node.variable.name.value}` : undefined;
};

const isInput = (node: ASTNode): boolean =>
  (isValueNode(node) && node.kind !== Kind.VARIABLE) ||
  node.kind === Kind.ARGUMENT ||
  node.kind === Kind.OBJECT_FIELD;

const expectedAt = (node: ASTNode, info: TypeInfo): string => {
  if (node.kind === Kind.ARGUMENT) return `an argument of ${info.getFieldDef()?.name}`;
  if (node.kind === Kind.OBJECT_FIELD) return `a field of ${String(info.getParentInputType())}`;
  return String(info.getInputType());
};

/** What is wrong with inputs that stand in a document itself, by the error that says so. */
export const literalFaults = (
  schema: GraphQLSchema,
  document: DocumentNode,
  errors: readonly GraphQLError[],
): ReadonlyMap<GraphQLError, InputFault> => {
  const about = Map.groupBy(errors, ({ nodes }) => nodes?.[0]);
  const faults = new Map<GraphQLError, InputFault>();
  const path: string[] = [];
  const info = new TypeInfo(schema);
  const enter = (node: ASTNode): void => {
    const name = nameOf(node);
    if (name !== undefined) path.push(name);
    if (path.length === 0 || !isInput(node)) return;
    for (const error of about.get(node) ?? []) {
      faults.set(error, { field: path.join('.'), found: print(node), expected: expectedAt(node, info) });
    }
  };
  const leave = (node: ASTNode): void => {
    if (nameOf(node) !== undefined) path.pop();
  };
  visit(document, visitWithTypeInfo(info, { enter, leave }));
  return faults;
};
