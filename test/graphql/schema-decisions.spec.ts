import 'reflect-metadata';
import { buildSchema, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FIELDS, ROUTES } from '../../src/graphql/access/decisions.ts';
import { guardSchema } from '../../src/graphql/access/guard.ts';
import { HealthController } from '../../src/graphql/health.controller.ts';
import { MetricsController } from '../../src/graphql/metrics.controller.ts';
import { printApiSchema } from '../../src/graphql/print-schema.ts';

const rootFields = async (): Promise<readonly string[]> => {
  const schema = buildSchema(await printApiSchema());
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .filter(isObjectType)
    .flatMap((root) => Object.keys(root.getFields()).map((name) => `${root.name}.${name}`));
};

describe('who may what', () => {
  it('is decided for every field at the root of the schema, and for nothing else', async () => {
    expect(Object.keys(FIELDS).toSorted()).toEqual((await rootFields()).toSorted());
  });

  it('is asked of the schema: a field that nothing is decided about is not served', () => {
    const schema = buildSchema('type Query { known: Int, unknown: Int } type Mutation { change: Int }');
    const known = { role: 'viewer', on: 'all' } as const;
    expect(() => guardSchema(schema, { 'Query.known': known })).toThrow(
      'Expected a decision who may ask for every field, but there is none for Query.unknown, Mutation.change.',
    );
  });

  it('is decided for every route of a controller', () => {
    const routes = [HealthController, MetricsController].flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype).flatMap((name) => {
        if (name === 'constructor') return [];
        const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as object;
        const path = Reflect.getMetadata('path', method) as string | undefined;
        return path === undefined ? [] : [`GET /${path}`];
      }),
    );
    expect(routes).toHaveLength(3);
    expect(Object.keys(ROUTES)).toEqual(expect.arrayContaining(routes));
  });

  it('lets nobody change the server itself who is less than an author, and gives a tenant’s admin its keys alone', () => {
    const mutations = Object.entries(FIELDS).filter(([name]) => name.startsWith('Mutation.'));
    expect(mutations.filter(([, { role }]) => role === 'viewer')).toEqual([]);
    expect(
      Object.entries(FIELDS)
        .filter(([, { role, ofServer }]) => role === 'admin' && ofServer !== true)
        .map(([name]) => name),
    ).toEqual(['Query.apiKeys', 'Query.auditLog', 'Mutation.createApiKey', 'Mutation.revokeApiKey']);
  });
});
