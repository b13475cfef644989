import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { printApiSchema } from '../../src/graphql/print-schema.ts';

const COMMITTED = fileURLToPath(new URL('../../schema.graphql', import.meta.url));

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

type Described = readonly [coordinate: string, description: string | null | undefined];

const partsOf = (type: GraphQLNamedType): readonly Described[] => {
  const { name } = type;
  if (isEnumType(type)) return type.getValues().map((value) => [`${name}.${value.name}`, value.description]);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [`${name}.${field.name}`, field.description]);
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    [`${name}.${field.name}`, field.description] as const,
    ...field.args.map((arg) => [`${name}.${field.name}(${arg.name}:)`, arg.description] as const),
  ]);
};

/** Everything of a schema that people read, by its coordinate. */
const descriptionsOf = (schema: GraphQLSchema): readonly Described[] =>
  Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => [
      ...(ROOTS.has(type.name) ? [] : [[type.name, type.description] as const]),
      ...partsOf(type),
    ]);

describe('the schema', () => {
  let printed: string;

  beforeAll(async () => {
    printed = await printApiSchema();
  });

  it('is the one that is committed (npm run schema writes it)', () => {
    expect(printed).toBe(readFileSync(COMMITTED, 'utf8'));
  });

  it('describes every type, field, argument and value', () => {
    const found = descriptionsOf(buildSchema(printed));
    expect(found.length).toBeGreaterThan(200);
    expect(found.filter(([, text]) => !text).map(([coordinate]) => coordinate)).toEqual([]);
  });

  it('has the names that are promised', () => {
    const schema = buildSchema(printed);
    const names = (type: ReturnType<GraphQLSchema['getQueryType']>) => Object.keys(type?.getFields() ?? {});
    expect(names(schema.getQueryType())).toEqual([
      'events',
      'execution',
      'executions',
      'metrics',
      'monitoring',
      'projections',
      'timeline',
      'workflow',
      'workflows',
    ]);
    expect(names(schema.getMutationType())).toEqual([
      'cancelExecution',
      'emitEvent',
      'rebuildProjection',
      'registerWorkflow',
      'signalExecution',
      'startExecution',
    ]);
    expect(names(schema.getSubscriptionType())).toEqual(['events', 'executionEvents', 'monitoringChanged']);
  });

  it('answers each mutation with its position', () => {
    const fields = Object.values(buildSchema(printed).getMutationType()?.getFields() ?? {});
    const without = fields.filter(({ type }) => {
      const text = String(type).replace('!', '');
      const answer = buildSchema(printed).getType(text);
      return !isObjectType(answer) || String(answer.getFields()['position']?.type) !== 'Position!';
    });
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
