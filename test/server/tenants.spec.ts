import { buildSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/graphql/access/decisions.ts';
import { printApiSchema } from '../../src/graphql/print-schema.ts';
import { everyField, type AskedField, type Named } from './tenants/every-field.ts';
import { answersOf, openStream } from '../graphql/sse.ts';
import { openTenants, SAID, type Started } from './tenants/open-tenants.ts';

const UNKNOWN: Started = {
  id: '00000000-0000-5000-8000-000000000000',
  notification: '00000000-0000-5000-8000-000000000001',
};

const isAnswered = ({ name }: AskedField): boolean => !name.startsWith('Subscription.');
/** What is the server's own is carried out for whoever runs it, and has nothing of a tenant's. */
const isDone = ({ name }: AskedField): boolean =>
  name.startsWith('Mutation.') && FIELDS[name]?.ofServer === true;
const namesOne = ({ variables }: AskedField): boolean =>
  ['id', 'executionId'].some((name) => Object.hasOwn(variables, name));

/** A text without the ids that were asked for. */
const blank = (text: string, { id, notification }: Started): string =>
  text.replaceAll(id, '<id>').replaceAll(notification, '<id>');

/** What is refused is told with the id that was asked for. */
const withoutEcho = (text: string, asked: Started): string =>
  /^\{"errors":.*"code":"\w+_NOT_FOUND"/.test(text) ? blank(text, asked) : text;

describe('tenants', () => {
  let sdl = '';
  beforeAll(async () => {
    sdl = await printApiSchema();
  });

  const fieldsFor = (named: Named): readonly AskedField[] =>
    everyField(buildSchema(sdl), named).filter(isAnswered);

  it('see nothing of each other in any field, and not whether an id of another is there', async () => {
    const tenants = await openTenants();
    const { source, admin } = tenants;
    const theirs = await tenants.start(await tenants.as({ tenant: 'acme' }), SAID);
    const { log } = tenants.server.core;
    const before = await log.read(`execution-${theirs.id}`);
    const secrets = [SAID, theirs.id, theirs.notification, ...before.map(({ id }) => id)];
    const names = { workflow: 'orders', source, step: 'sign' };
    const asked = fieldsFor({ ...theirs, ...names });
    const alike = fieldsFor({ ...UNKNOWN, ...names });
    const counts = { fields: 0, leaves: 0 };
    for (const somebody of [await tenants.as({ tenant: 'beta' }), admin])
      for (const [n, field] of asked.entries()) {
        if (somebody === admin && isDone(field)) continue;
        const { text } = await somebody.ask(field.query, field.variables);
        expect(`${field.query}: ${text}`).not.toMatch(/GRAPHQL_|QUERY_TOO|BAD_USER_INPUT|INTERNAL/);
        const told = withoutEcho(text, theirs);
        expect(
          secrets.filter((secret) => told.includes(secret)),
          `${field.name}: ${text}`,
        ).toEqual([]);
        counts.fields += 1;
        counts.leaves += field.leaves;
        if (!namesOne(field)) continue;
        const unknown = await somebody.ask(alike[n]?.query ?? '', alike[n]?.variables);
        expect([field.name, blank(text, theirs)]).toEqual([field.name, blank(unknown.text, UNKNOWN)]);
      }
    expect(await log.read(`execution-${theirs.id}`)).toEqual(before);
    console.info(`${counts.fields} fields at the root, ${counts.leaves} leaves below them`);
    expect(counts.fields).toBe(asked.length * 2 - asked.filter(isDone).length);
    expect(counts.leaves).toBeGreaterThan(500);
  });

  it('hear nothing of each other by any subscription', async () => {
    const tenants = await openTenants();
    const { server, source, admin } = tenants;
    const theirs = await tenants.start(await tenants.as({ tenant: 'acme' }), SAID);
    const before = await server.core.log.read(`execution-${theirs.id}`);
    const secrets = [SAID, theirs.id, theirs.notification, ...before.map(({ id }) => id)];
    const fields = everyField(buildSchema(sdl), { ...theirs, workflow: 'orders', source, step: 'sign' });
    const followed: string[] = [];
    for (const somebody of [await tenants.as({ tenant: 'beta' }), admin]) {
      const own = await tenants.start(somebody, 'said-by-others');
      for (const { name, query, variables } of fields.filter((field) => !isAnswered(field))) {
        const isOfAll = Object.hasOwn(variables, 'filter');
        const stream = await openStream(
          server.url,
          isOfAll ? query.replace('filter: $filter', 'filter: $filter, after: "0"') : query,
          { headers: somebody.headers, variables: isOfAll ? { filter: { workflow: 'orders' } } : variables },
        );
        let [text, isOver] = ['', false];
        for await (const answer of answersOf(stream)) {
          text += JSON.stringify(answer);
          // What they wait for is the last that is there of their own; documents that changed come once for all of it.
          const last = name.endsWith('Changed') ? own.id : 'approval.requested';
          isOver = !isOfAll || (text.includes(own.id) && text.includes(last));
          if (isOver) break;
        }
        stream.destroy();
        const told = withoutEcho(text, theirs);
        expect(
          secrets.filter((secret) => told.includes(secret)),
          `${name}: ${text}`,
        ).toEqual([]);
        followed.push(`${name} ${/"code":"(\w+)"/.exec(text)?.[1] ?? 'heard'}`);
      }
    }
    expect(followed).toEqual([
      'Subscription.events heard',
      'Subscription.executionEvents EXECUTION_NOT_FOUND',
      'Subscription.executionsChanged heard',
      'Subscription.logs heard',
      'Subscription.metricsChanged FORBIDDEN',
      'Subscription.monitoringChanged FORBIDDEN',
      'Subscription.nodes FORBIDDEN',
      'Subscription.projectionsChanged FORBIDDEN',
      'Subscription.rebuildProgress FORBIDDEN',
      'Subscription.timelineChanged EXECUTION_NOT_FOUND',
      'Subscription.events heard',
      'Subscription.executionEvents EXECUTION_NOT_FOUND',
      'Subscription.executionsChanged heard',
      'Subscription.logs heard',
      'Subscription.metricsChanged heard',
      'Subscription.monitoringChanged heard',
      'Subscription.nodes heard',
      'Subscription.projectionsChanged heard',
      'Subscription.rebuildProgress heard',
      'Subscription.timelineChanged EXECUTION_NOT_FOUND',
    ]);
  });

  it('see all of their own where they see nothing of others', async () => {
    const tenants = await openTenants();
    const { source } = tenants;
    const acme = await tenants.as({ tenant: 'acme', roles: ['viewer'] });
    const theirs = await tenants.start(await tenants.as({ tenant: 'acme' }), SAID);
    const empty: string[] = [];
    for (const field of fieldsFor({ ...theirs, workflow: 'orders', source, step: 'sign' })) {
      if (field.name.startsWith('Mutation.')) continue;
      const { text } = await acme.ask(field.query, field.variables);
      if (!text.includes(theirs.id)) empty.push(field.name);
    }
    // What is shared, what is the server's own, and what is for admins.
    expect(empty).toEqual(
      Object.keys(FIELDS)
        .filter((name) => name.startsWith('Query.') && FIELDS[name]?.ofServer === true)
        .concat(
          'Query.apiKeys',
          'Query.auditLog',
          'Query.checkDefinition',
          'Query.diffDefinitions',
          'Query.workflow',
          'Query.workflows',
        )
        .toSorted(),
    );
  });
});
