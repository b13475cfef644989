import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  isInterfaceType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { jsonOf } from './hostile.ts';
import { valueFor, type Values } from './values.ts';

/** An operation and what it is given. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Which root an operation is of. */
export type Root = 'query' | 'mutation' | 'subscription';

const DEEPEST = 4;

const NAME = /^[_A-Za-z]\w*$/;

/** A value as it stands in a document. */
export const literalOf = (value: unknown, type?: GraphQLInputType): string => {
  if (type !== undefined && isNonNullType(type)) return literalOf(value, type.ofType);
  if (Array.isArray(value)) {
    const of = type !== undefined && isListType(type) ? type.ofType : undefined;
    return `[${value.map((item) => literalOf(item, of)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = type !== undefined && isInputObjectType(type) ? type.getFields() : {};
    return `{ ${Object.entries(value)
      .filter(([name]) => NAME.test(name))
      .map(([name, part]) => `${name}: ${literalOf(part, fields[name]?.type)}`)
      .join(', ')} }`;
  }
  const isName = typeof value === 'string' && NAME.test(value) && type !== undefined && isEnumType(type);
  return isName ? value : jsonOf(value);
};

/** Writes operations that a schema allows, as far as the values that they are given are asked for. */
export const createWriter = (schema: GraphQLSchema, values: Values) => {
  const { random } = values;
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];

  const argument = ({ name, type }: GraphQLArgument): string => {
    const value = valueFor(type, name, values);
    if (random.chance(0.4)) return `${name}: ${literalOf(value, type)}`;
    const variable = `v${declared.length}`;
    declared.push(`$${variable}: ${String(type)}`);
    if (value !== undefined) variables[variable] = value;
    return `${name}: $${variable}`;
  };

  const argumentsOf = (field: GraphQLField<unknown, unknown>): string => {
    const given = field.args.filter((arg) => isRequiredArgument(arg) || random.chance(0.25)).map(argument);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  };

  const directive = (): string => {
    if (!random.chance(0.05)) return '';
    return random.pick([' @include(if: true)', ' @skip(if: false)', ' @skip(if: true)']);
  };

  const fieldOf = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    const alias = random.chance(0.08) ? `a${random.int(0, 9)}${field.name}: ` : '';
    const below = selectionOf(getNamedType(field.type), depth + 1);
    return `${alias}${field.name}${argumentsOf(field)}${directive()}${below}`;
  };

  const some = (type: GraphQLObjectType, depth: number): readonly string[] => {
    const open = Object.values(type.getFields()).filter(
      ({ type: of }) => depth < DEEPEST || isLeafType(getNamedType(of)),
    );
    const chosen = Array.from({ length: random.int(1, 4) }, () => random.pick(['__typename', ...open]));
    const once = [...new Set(chosen)];
    return once.map((field) => (typeof field === 'string' ? field : fieldOf(field, depth)));
  };

  const inFragment = (type: GraphQLObjectType, fields: string): string => {
    if (random.chance(0.5)) return `... on ${type.name} { ${fields} }`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${type.name} { ${fields} }`);
    return `...${name}`;
  };

  const selectionOf = (type: GraphQLNamedType, depth: number): string => {
    if (isUnionType(type) || isInterfaceType(type)) {
      const of = random.pick(schema.getPossibleTypes(type));
      return ` { __typename ... on ${of.name}${selectionOf(of, depth)} }`;
    }
    if (!isObjectType(type)) return '';
    const fields = some(type, depth).join(' ');
    return ` { ${random.chance(0.1) ? inFragment(type, fields) : fields} }`;
  };

  const rootOf = (root: Root): GraphQLObjectType => {
    const types = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    };
    const type = types[root];
    if (type == null) throw new TypeError(`Expected a schema with a ${root}, but it has none.`);
    return type;
  };

  return {
    write: (root: Root): Operation => {
      const fields = Object.values(rootOf(root).getFields());
      const count = root === 'subscription' ? 1 : random.int(1, 2);
      const chosen = Array.from({ length: count }, (_, index) => {
        const field = random.pick(fields);
        return `${count === 1 ? '' : `r${index}: `}${fieldOf(field, 1)}`;
      });
      const given = declared.length === 0 ? '' : `(${declared.join(', ')})`;
      return { query: `${root} Fuzz${given} { ${chosen.join(' ')} } ${fragments.join(' ')}`, variables };
    },
  };
};
