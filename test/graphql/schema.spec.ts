import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLObjectType,
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

  it('has what is promised', () => {
    const schema = buildSchema(printed);
    const operations = (type: GraphQLObjectType | null | undefined): readonly string[] =>
      Object.values(type?.getFields() ?? {}).map(
        ({ name, args }) => `${name}(${args.map((arg) => arg.name).join(', ')})`,
      );
    expect(operations(schema.getQueryType())).toEqual([
      'apiKeys(after, first, tenant)',
      'approvals(after, assignee, first, waitFor)',
      'auditLog(after, filter, first, waitFor)',
      'checkDefinition(source, waitFor)',
      'diffDefinitions(from, to, workflow)',
      'events(after, executionId, first, waitFor)',
      'execution(asOf, id, waitFor)',
      'executions(after, filter, first, orderBy, waitFor)',
      'logDays(upTo)',
      'logs(after, filter, first, orderBy, waitFor)',
      'metrics(activity, from, to, version, waitFor, workflow)',
      'metricsSeries(activity, from, step, to, version, waitFor, workflow)',
      'monitoring(asOf, timeZone, waitFor, workflow)',
      'nodes()',
      'notifications(after, filter, first, waitFor)',
      'parkedEvents(name)',
      'projections()',
      'retentions()',
      'schedule(runs, waitFor, workflow)',
      'slowestSteps(activity, first, from, quantile, to, version, waitFor, workflow)',
      'timeline(after, asOf, executionId, first, waitFor)',
      'verifyAudit(from, to)',
      'workflow(name, waitFor)',
      'workflows(after, first, waitFor)',
    ]);
    expect(operations(schema.getMutationType())).toEqual([
      'cancelExecution(compensate, executionId, reason)',
      'cancelRebuild(name)',
      'compensateExecution(executionId, reason)',
      'completeStep(executionId, output, reason, step)',
      'createApiKey(expiresAt, idempotencyKey, name, roles, tenant)',
      'decideApproval(by, comment, decision, executionId, step)',
      'emitEvent(idempotencyKey, payload, type)',
      'failStep(errorType, executionId, message, reason, step)',
      'importArchive(archive)',
      'migrateExecution(dryRun, executionId, reason, to)',
      'operateExecutions(after, atMost, dryRun, filter, operation, reason, waitFor)',
      'parkEvent(eventId, name, reason)',
      'pauseExecution(executionId, reason)',
      'pauseRebuild(name)',
      'pauseSchedule(reason, workflow)',
      'rebuildProjection(byDay, dryRun, maxShare, name)',
      'rebuildProjections(byDay, dryRun, maxShare, names)',
      'registerWorkflow(source)',
      'resendNotification(id, reason)',
      'resumeExecution(executionId, reason)',
      'resumeRebuild(name)',
      'resumeSchedule(reason, workflow)',
      'retain(before, dryRun, workflow)',
      'retireWorkflow(reason, version, workflow)',
      'retryExecution(executionId, reason)',
      'retryProjection(name)',
      'revokeApiKey(id, reason)',
      'rollbackProjection(name)',
      'setDefaultVersion(reason, version, workflow)',
      'setVariables(executionId, reason, variables)',
      'signalExecution(executionId, payload, signal)',
      'skipStep(executionId, reason, step)',
      'startExecution(idempotencyKey, input, tags, version, workflow)',
      'terminateExecution(executionId, reason)',
      'truncateStreams(before, dryRun, workflow)',
      'unretireWorkflow(reason, version, workflow)',
    ]);
    expect(operations(schema.getSubscriptionType())).toEqual([
      'events(after, filter)',
      'executionEvents(after, id)',
      'executionsChanged(after, filter)',
      'logs(after, filter)',
      'metricsChanged(activity, after, from, to, version, workflow)',
      'monitoringChanged(after, timeZone, workflow)',
      'nodes()',
      'projectionsChanged(name)',
      'rebuildProgress(name)',
      'timelineChanged(after, executionId)',
    ]);
  });

  it.each([
    ['Monitoring', ['activeWorkflows', 'averageDuration', 'completedToday', 'currentLoad', 'failedToday']],
    ['Metrics', ['errorRate', 'executionTime', 'successRate', 'throughput', 'window']],
    ['ExecutionTime', ['avg', 'p95', 'p99']],
    ['Projection', ['lagEvents', 'lagSeconds', 'position', 'rate', 'state']],
    ['Node', ['folds', 'leaseUntil', 'name', 'partitions', 'self']],
    ['Event', ['commit', 'hash', 'metadata', 'payload', 'position', 'revision', 'type']],
  ])('has the fields of %s that are promised', (name, fields) => {
    const type = buildSchema(printed).getType(name);
    expect(isObjectType(type) ? Object.keys(type.getFields()) : []).toEqual(expect.arrayContaining(fields));
  });

  it('has every list that is paged in the form that Relay made common', () => {
    const schema = buildSchema(printed);
    const shapeOf = (type: GraphQLNamedType | null | undefined): Readonly<Record<string, string>> =>
      isObjectType(type)
        ? Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]))
        : {};
    const paged = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
    expect(paged.length).toBeGreaterThan(8);
    for (const { type, args } of paged) {
      const { name } = getNamedType(type);
      const { edges = '', nodes = '', pageInfo } = shapeOf(schema.getType(name));
      expect([name, pageInfo]).toEqual([name, 'PageInfo!']);
      const edge = edges.replaceAll(/[[\]!]/g, '');
      expect([edges, nodes]).toEqual([`[${edge}!]!`, nodes]);
      expect(shapeOf(schema.getType(edge))).toEqual({
        cursor: 'String!',
        node: nodes.replaceAll(/[[\]]|!$/g, ''),
      });
      expect(args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual(
        expect.arrayContaining(['after: String', 'first: Int!']),
      );
    }
    expect(shapeOf(schema.getType('PageInfo'))).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });

  it('has numbers with fractions where shares, rates and seconds are told, and nowhere else', () => {
    const floats = Object.values(buildSchema(printed).getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ type }) => getNamedType(type).name === 'Float')
      .map(({ name }) => name);
    // A whole number is an Int, or a BigInt when it can outgrow one; a length of time is a Duration.
    expect([...new Set(floats)].filter((name) => !/rate|share|throughput|error|seconds/i.test(name))).toEqual(
      [],
    );
  });

  it('answers each mutation with its position', () => {
    const fields = Object.values(buildSchema(printed).getMutationType()?.getFields() ?? {});
    const without = fields.filter(({ type }) => {
      const answer = getNamedType(type);
      const answers = isUnionType(answer) ? answer.getTypes() : [answer];
      return answers.some(
        (one) => !isObjectType(one) || String(one.getFields()['position']?.type) !== 'Position!',
      );
    });
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
