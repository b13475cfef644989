import { AsyncLocalStorage } from 'node:async_hooks';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  execute,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  isRequiredArgument,
  parse,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { expect, it, onTestFinished } from 'vitest';
import { AppModule } from '../../src/app.module.ts';
import type { Reads } from '../../src/commands/audit/reads.ts';
import { readConfig } from '../../src/config.ts';
import { openCore } from '../../src/core.ts';
import type { Core } from '../../src/create-core.ts';
import { createContextOf } from '../../src/graphql/context.ts';
import { createIdentities } from '../../src/graphql/identities.ts';
import { createRequests } from '../../src/graphql/requests.ts';
import { nestLogger } from '../../src/nest-logger.ts';
import type { Authenticator } from '../../src/ports/authenticator.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { AUTHENTICATOR, READS } from '../../src/ports/tokens.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { SILENT_NOTIFIER } from '../spec/silent-notifier.ts';

const CHILDREN = 8;

const sourceOf = (workflow: string): string => `execution:
  workflow: ${workflow}
  activities:
    - { name: note, activity: log, input: { message: noted } }
`;

const PARENT = `execution:
  workflow: parent
  activities:
${Array.from({ length: CHILDREN }, (_, n) => `    - { name: child_${n}, workflow: { name: child } }\n`).join('')}`;

/** Tells somebody, and waits for a decision. */
const ASKING = `execution:
  workflow: asking
  activities:
    - { name: tell, activity: notify, input: { channels: [slack], recipients: [ops], subject: asked } }
    - { name: decide, approval: { assignees: [boss] } }
`;

/** More than a short page has. */
const SOME = [1, 2, 3, 4, 5];

const CALLER = {
  actor: { id: 'ann', kind: 'user', via: 'none' },
  tenant: 'default',
  traceparent: undefined,
} as const;

/** Pages that are compared: a field may be looked at as often for the longer one as for the shorter one. */
const [SHORT, LONG] = [4, 20];

interface World {
  readonly schema: GraphQLSchema;
  /** How often the views are read for an operation, and how many items its list has. */
  looks(query: string): Promise<{ readonly looks: number; readonly items: number }>;
  readonly id: string;
}

/** The same views; each look at them is told to whoever it is for. */
const told = (readModels: ReadModels, look: () => void): ReadModels => ({
  ...readModels,
  load: (...asked) => {
    look();
    return readModels.load(...asked);
  },
  find: (...asked) => {
    look();
    return readModels.find(...asked);
  },
  findEach: (...asked) => {
    look();
    return readModels.findEach(...asked);
  },
  lookEach: (...asked) => {
    look();
    return readModels.lookEach(...asked);
  },
});

const start = async ({ ids, engine, definitions }: Core, workflow: string): Promise<string> => {
  const id = ids.next();
  const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
  await engine.executions.start(id, await definitions.startable(workflow), command, CALLER);
  return id;
};

const opened = async (): Promise<World> => {
  const logger = keepingLogger();
  const current = new AsyncLocalStorage<{ looks: number }>();
  const look = (): void => {
    const counted = current.getStore();
    if (counted !== undefined) counted.looks += 1;
  };
  const core = await openCore({
    config: readConfig({ SAGALOG_DATA: temporaryFolder(), PORT: '0' }),
    logger,
    notifier: SILENT_NOTIFIER,
    decorations: { readModels: (readModels) => told(readModels, look) },
  });
  const app = await NestFactory.create(AppModule.on(core, { development: false }), {
    logger: nestLogger(logger),
    bodyParser: false,
  });
  onTestFinished(async () => {
    await app.close();
    await core.close();
  });
  await app.init();
  await core.start();
  for (const workflow of ['child', 'one', 'two', 'three', 'four'])
    await core.definitions.register(sourceOf(workflow), CALLER);
  await core.definitions.register(PARENT, CALLER);
  await core.definitions.register(ASKING, CALLER);
  for (const n of SOME) {
    await core.apiKeys.create(
      { name: `key ${n}`, tenant: 'default', roles: [{ role: 'viewer' }], expiresAt: undefined },
      undefined,
      CALLER,
    );
    await start(core, 'asking');
  }
  // The last one, so that a short page is of its children.
  const id = await start(core, 'parent');
  await core.engine.ended(id);
  await core.viewsCaughtUp();
  const { schema } = app.get(GraphQLSchemaHost, { strict: false });
  const identities = createIdentities(app.get<Authenticator>(AUTHENTICATOR, { strict: false }));
  const contextOf = createContextOf({
    log: core.log,
    clock: core.clock,
    requests: createRequests(core.ids),
    reads: app.get<Reads>(READS, { strict: false }),
    refusals: { note: () => undefined },
  });
  const looks: World['looks'] = async (query) => {
    const request = { headers: {}, socket: {} } as Parameters<typeof contextOf>[0];
    const contextValue = contextOf(request, await identities.of(request));
    const counted = { looks: 0 };
    const { data, errors } = await current.run(counted, async () =>
      execute({ schema, document: parse(query), contextValue }),
    );
    expect(errors).toBeUndefined();
    const { items } = data as { readonly items: readonly unknown[] | { readonly nodes: readonly unknown[] } };
    return { looks: counted.looks, items: ('nodes' in items ? items.nodes : items).length };
  };
  const waiting = async () => (await looks('{ items: approvals { nodes { __typename } } }')).items;
  await expect.poll(waiting, { timeout: 60_000 }).toBe(SOME.length);
  // One view may be there before another is.
  await core.viewsCaughtUp();
  return { schema, id, looks };
};

/** A list that can be asked for, and the fields of its items that something is carried out for. */
interface List {
  readonly name: string;
  readonly takesExecution: boolean;
  readonly fields: readonly string[];
}

/** Of what is behind a field: a page, and how many there are on all pages. */
const wholeOf = (type: GraphQLObjectType): string => {
  const { nodes, totalCount } = type.getFields();
  return `{ __typename ${nodes === undefined ? '' : 'nodes { __typename }'} ${totalCount?.name ?? ''} }`;
};

const fieldsOf = (item: GraphQLObjectType): readonly string[] =>
  Object.values(item.getFields())
    .filter(({ resolve, args }) => resolve !== undefined && !args.some(isRequiredArgument))
    .map(({ name, type }) => {
      const named = getNamedType(type);
      return isObjectType(named) ? `${name} ${wholeOf(named)}` : name;
    });

const listsIn = (schema: GraphQLSchema): readonly List[] =>
  Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type, args }) => {
    const connection = getNamedType(type);
    const nodes = isObjectType(connection) ? connection.getFields()['nodes'] : undefined;
    const item = nodes && getNamedType(nodes.type);
    if (!isObjectType(item)) return [];
    const takesExecution = args.some((argument) => argument.name === 'executionId');
    return [{ name, takesExecution, fields: fieldsOf(item) }];
  });

const looksFor = ({ id, looks }: World, { name, takesExecution }: List, field: string, first: number) =>
  looks(
    `{ items: ${name}(first: ${first}${takesExecution ? `, executionId: "${id}"` : ''}) { nodes { ${field} } } }`,
  );

it('no field of the items of a list makes more looks at the views when there are more items', async () => {
  const world = await opened();
  const [more, short]: [string[], string[]] = [[], []];
  for (const list of listsIn(world.schema)) {
    const { items } = await looksFor(world, list, '__typename', LONG);
    if (items <= SHORT) short.push(list.name);
    for (const field of list.fields) {
      const [few, many] = [
        await looksFor(world, list, field, SHORT),
        await looksFor(world, list, field, LONG),
      ];
      if (many.looks > few.looks) more.push(`${list.name}.${field.split(' ')[0]}`);
    }
  }
  expect(more).toEqual([]);
  expect(short).toEqual([]);
});

it('no field of the items of a list that has no pages makes a look at the views for each item', async () => {
  const { schema, looks } = await opened();
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type, args }) => {
    const item = getNamedType(type);
    const isPlain = isListType(getNullableType(type)) && !args.some(isRequiredArgument);
    return isPlain && isObjectType(item) ? [{ name, fields: fieldsOf(item) }] : [];
  });
  const more: string[] = [];
  for (const { name, fields } of lists) {
    const alone = await looks(`{ items: ${name} { __typename } }`);
    for (const field of fields) {
      const asked = await looks(`{ items: ${name} { ${field} } }`);
      if (asked.looks - alone.looks >= Math.max(asked.items, 2)) more.push(`${name}.${field.split(' ')[0]}`);
    }
  }
  expect(lists.map(({ name }) => name)).toContain('projections');
  expect(more).toEqual([]);
});
