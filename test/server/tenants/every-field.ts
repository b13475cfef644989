import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
} from 'graphql';

/** What names whatever is asked for, by the names of arguments. */
export interface Named {
  readonly id: string;
  readonly notification: string;
  readonly workflow: string;
  readonly source: string;
  readonly step: string;
}

/** An operation that asks for a field at the root of the schema with all that stands below it. */
export interface AskedField {
  /** `Query.executions`. */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Leaves of its answer. */
  readonly leaves: number;
}

const DEEPEST = 5;

const scalarOf = (type: string, name: string, field: string, named: Named): unknown => {
  if (type === 'ID') return field === 'Mutation.resendNotification' ? named.notification : named.id;
  if (type === 'Int' || type === 'Float') return 1;
  if (type === 'Boolean') return false;
  if (type === 'Position' || type === 'BigInt') return '0';
  if (type === 'Duration') return '1h';
  if (type === 'DateTime') return '2026-01-31T09:00:00Z';
  if (type === 'JSON') return {};
  const texts: Readonly<Record<string, string>> = {
    workflow: named.workflow,
    source: named.source,
    step: named.step,
    signal: 'go',
    timeZone: 'UTC',
    eventId: named.id,
    name: field === 'Query.workflow' ? named.workflow : 'timeline',
  };
  return texts[name] ?? 'something';
};

/** What of the optional is given too: what says whose something is. */
const SAYS_WHOSE = new Set(['filter', 'executionId', 'workflow']);

const isGiven = (input: GraphQLArgument | GraphQLInputField): boolean =>
  isRequired(input) || SAYS_WHOSE.has(input.name);

const isRequired = (input: GraphQLArgument | GraphQLInputField): boolean =>
  isRequiredArgument(input) || isRequiredInputField(input);

const valueOf = (type: GraphQLInputType, name: string, field: string, named: Named): unknown => {
  if (isNonNullType(type)) return valueOf(type.ofType, name, field, named);
  if (isListType(type)) return [valueOf(type.ofType, name, field, named)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return scalarOf(type.name, name, field, named);
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter(isGiven)
      .map((input) => [input.name, valueOf(input.type, input.name, field, named)]),
  );
};

interface Selected {
  readonly text: string;
  readonly leaves: number;
}

/** All that stands below each of the types that an answer can have. */
const eachOf = (types: readonly GraphQLObjectType[], depth: number): Selected => {
  const parts = types.map((type) => ({ ...selectionOf(type, depth), name: type.name }));
  return {
    text: `{ __typename ${parts.map(({ name, text }) => `... on ${name} ${text}`).join(' ')} }`,
    leaves: parts.reduce((sum, { leaves }) => sum + leaves, 0),
  };
};

/** All that stands below a type; of a page its nodes, one each below the first. */
const selectionOf = (type: GraphQLObjectType | GraphQLUnionType, depth: number): Selected => {
  if (isUnionType(type)) return eachOf(type.getTypes(), depth);
  const isPage = Object.hasOwn(type.getFields(), 'edges');
  const parts = Object.values(type.getFields()).flatMap((field): readonly Selected[] => {
    if (field.args.some(isRequired) || (isPage && field.name === 'edges')) return [];
    const of = getNamedType(field.type);
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 1)' : '';
    if (!isObjectType(of) && !isUnionType(of)) return [{ text: `${field.name}${page}`, leaves: 1 }];
    if (depth === DEEPEST) return [];
    const below = selectionOf(of, depth + 1);
    return below.leaves === 0 ? [] : [{ text: `${field.name}${page} ${below.text}`, leaves: below.leaves }];
  });
  return {
    text: `{ ${parts.map(({ text }) => text).join(' ')} }`,
    leaves: parts.reduce((sum, { leaves }) => sum + leaves, 0),
  };
};

/** Every field at the root of a schema, asked for with what names something; what is added to the schema is among them. */
export const everyField = (schema: GraphQLSchema, named: Named): readonly AskedField[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .filter(isObjectType)
    .flatMap((root) =>
      Object.values(root.getFields()).map((field): AskedField => {
        const name = `${root.name}.${field.name}`;
        const args = field.args.filter(isGiven);
        const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
        const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
        const of = getNamedType(field.type);
        const selected = isObjectType(of) || isUnionType(of) ? selectionOf(of, 1) : { text: '', leaves: 1 };
        return {
          name,
          query: `${root.name.toLowerCase()} Asked${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${selected.text} }`,
          variables: Object.fromEntries(
            args.map((arg) => [arg.name, valueOf(arg.type, arg.name, name, named)]),
          ),
          leaves: selected.leaves,
        };
      }),
    );
