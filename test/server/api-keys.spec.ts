import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { answersOf, openStream } from '../graphql/sse.ts';
import { serveKeys, type KeyServer } from './key-server.ts';

const ADMIN_KEY = 'the-key-of-whoever-set-the-server-up';

let server: KeyServer;

beforeAll(async () => {
  server = await serveKeys({ SAGALOG_JWT_SECRET: SECRET, SAGALOG_ADMIN_KEY: ADMIN_KEY });
});

afterAll(() => server.close());

const CREATE = `mutation ($name: String!, $roles: [ApiKeyRoleInput!]!, $tenant: String, $expiresAt: DateTime, $idempotencyKey: String) {
  createApiKey(name: $name, roles: $roles, tenant: $tenant, expiresAt: $expiresAt, idempotencyKey: $idempotencyKey) {
    id key created position } }`;
const REVOKE =
  'mutation ($id: ID!, $reason: String) { revokeApiKey(id: $id, reason: $reason) { changed position } }';
const LIST = `query ($first: Int! = 20, $after: String, $tenant: String) { apiKeys(first: $first, after: $after, tenant: $tenant) {
  nodes { id name tenant roles { role workflows tags } createdBy expiresAt revocation { by reason } }
  pageInfo { hasNextPage endCursor } } }`;
const FOLLOW = 'subscription { nodes { name } }';
const ORDERS = `workflow: orders
trigger: { http: { method: POST, path: /orders } }
activities:
  - { name: note, activity: transform, input: {} }`;

type Body = Readonly<Record<string, unknown>>;

interface Made {
  readonly id: string;
  readonly key: string;
  readonly created: boolean;
}

interface Listed {
  readonly nodes: readonly (Body & { readonly id: string; readonly name: string })[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

interface Answered {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Body }[];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const ask = async (token: string, query: string, variables: object = {}): Promise<Answered> =>
  (await server.send('/graphql', bearer(token), { query, variables })).body;

const codeOf = async (token: string, query: string, variables: object = {}): Promise<unknown> =>
  (await ask(token, query, variables)).errors?.[0]?.extensions['code'] ?? 'OK';

const dataOf = async <T>(token: string, query: string, variables: object, field: string): Promise<T> => {
  const { data, errors } = await ask(token, query, variables);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data[field] as T;
};

const create = (token: string, more: object = {}): Promise<Made> =>
  dataOf(token, CREATE, { name: 'a key', roles: [{ role: 'VIEWER' }], ...more }, 'createApiKey');

const list = (token: string, variables: object = {}): Promise<Listed> =>
  dataOf(token, LIST, variables, 'apiKeys');

const adminOf = (tenant: string) => tokenOf({ roles: ['admin'], tenant });

describe('a key', () => {
  it('lets whoever has it do what its roles may, on every way, as whoever it is', async () => {
    const source = `execution:\n${ORDERS.replaceAll(/^/gm, '  ')}`;
    const register = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
    const author = await create(ADMIN_KEY, { roles: [{ role: 'AUTHOR' }] });
    const { id, key } = await create(ADMIN_KEY, {
      tenant: 'acme',
      roles: [{ role: 'OPERATOR', workflows: ['orders'] }],
    });
    expect(await codeOf(key, register, { source })).toBe('FORBIDDEN');
    expect(await codeOf(author.key, register, { source })).toBe('OK');
    const start = 'mutation { startExecution(workflow: "orders") { executionId } }';
    const { data } = await ask(key, start);
    const { executionId } = (data?.['startExecution'] ?? {}) as { readonly executionId?: string };
    const [started] = await server.core.log.read(`execution-${executionId}`);
    expect(started?.commit.metadata).toMatchObject({
      actor: { id, kind: 'user', via: 'api_key' },
      tenant: 'acme',
    });
    const tried = async (path: string, token: string) => (await server.send(path, bearer(token), {})).status;
    expect(await tried('/orders', key)).toBe(202);
    expect(await tried('/events/some', key)).toBe(403);
    expect(await tried('/workers/complete', key)).toBe(403);
    const worker = await create(ADMIN_KEY, { roles: [{ role: 'OPERATOR' }] });
    expect(await tried('/workers/complete', worker.key)).toBe(400);
    const client = createClient({
      url: server.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearer(worker.key),
    });
    onTestFinished(() => client.dispose());
    const answers = client.iterate({ query: '{ __typename }' });
    expect((await answers.next()).value).toMatchObject({ data: { __typename: 'Query' } });
  });

  it('is told in the answer that makes it, and nowhere else', async () => {
    const first = await create(ADMIN_KEY, { idempotencyKey: 'once' });
    expect(first).toMatchObject({
      created: true,
      key: expect.stringContaining(`sag_${first.id}_`) as string,
    });
    const again = await create(ADMIN_KEY, { idempotencyKey: 'once' });
    expect(again).toMatchObject({ id: first.id, created: false, key: null });
    await ask(first.key, '{ executions { nodes { id } } }');
    await ask(`${first.key}x`, '{ executions { nodes { id } } }');
    await ask(ADMIN_KEY, REVOKE, { id: first.id });
    const secret = first.key.slice(-43);
    const told = [
      await ask(first.key, '{ executions { nodes { id } } }'),
      await ask(ADMIN_KEY, LIST),
      again,
      server.logger.lines,
      await server.core.log.read('access-keys'),
    ];
    const text = JSON.stringify(told, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).toContain(first.id);
    expect(text).not.toContain(secret);
  });

  it('ends what is subscribed to with it when it is revoked, and is refused from then on', async () => {
    const { id, key } = await create(ADMIN_KEY);
    const other = await create(ADMIN_KEY);
    const answers = answersOf(await openStream(server.url, FOLLOW, { headers: bearer(key) }));
    expect((await answers.next()).value?.errors).toBeUndefined();
    const closed = Promise.withResolvers<number>();
    const client = createClient({
      url: server.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearer(key),
      retryAttempts: 0,
      on: { closed: (event) => closed.resolve((event as { readonly code: number }).code) },
    });
    onTestFinished(() => client.dispose());
    const values = client.iterate({ query: FOLLOW });
    expect((await values.next()).value?.errors).toBeUndefined();
    const spared = answersOf(await openStream(server.url, FOLLOW, { headers: bearer(other.key) }));
    expect((await spared.next()).value?.errors).toBeUndefined();

    expect(await ask(ADMIN_KEY, REVOKE, { id, reason: 'lost' })).toMatchObject({
      data: { revokeApiKey: { changed: true } },
    });
    let last: Answered | undefined;
    for await (const answer of answers) last = answer;
    expect(last?.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await closed.promise).toBe(4403);
    values.return?.().catch(() => undefined);
    expect(await codeOf(key, '{ __typename }')).toBe('UNAUTHENTICATED');
    expect(await codeOf(other.key, '{ __typename }')).toBe('OK');
  });

  it('gives its worker nothing that comes after it was revoked, though that waits', async () => {
    const { id, key } = await create(ADMIN_KEY, { roles: [{ role: 'OPERATOR' }] });
    const source = 'execution:\n  workflow: scans\n  activities:\n    - { name: scan }\n';
    await dataOf(
      ADMIN_KEY,
      'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }',
      { source },
      'registerWorkflow',
    );
    const claim = { worker: 'w1', activities: ['scan'], wait: 60_000 };
    const claimed = server.send('/workers/claim', bearer(key), claim);
    await expect.poll(() => server.core.engine.workers.serves('scan')).toBe(true);
    await ask(ADMIN_KEY, REVOKE, { id });
    expect(await codeOf(ADMIN_KEY, 'mutation { startExecution(workflow: "scans") { executionId } }')).toBe(
      'OK',
    );
    expect(await claimed).toEqual({ status: 200, body: { attempts: [] } });
    expect((await server.send('/workers/claim', bearer(key), claim)).status).toBe(401);
  });
});

describe('keys', () => {
  it('are an admin’s to give, of the own tenant alone, and see', async () => {
    const [acme, beta] = [await adminOf('gamma'), await adminOf('beta')];
    const wanted = { name: 'a key', roles: [{ role: 'ADMIN' }] };
    const limited = await tokenOf({ roles: [{ role: 'admin', workflows: ['orders'] }], tenant: 'gamma' });
    const operator = await tokenOf({ roles: ['author'], tenant: 'gamma' });
    for (const token of [limited, operator, (await create(acme, { name: 'viewers' })).key]) {
      expect(await codeOf(token, CREATE, wanted)).toBe('FORBIDDEN');
      expect(await codeOf(token, LIST)).toBe('FORBIDDEN');
    }
    for (const tenant of ['default', 'beta'])
      expect(await codeOf(acme, CREATE, { ...wanted, tenant })).toBe('FORBIDDEN');

    const theirs = await create(acme, { name: 'admins', roles: [{ role: 'ADMIN' }] });
    // Whoever has it is admin of that tenant, and no more than that.
    expect(await codeOf(theirs.key, CREATE, { ...wanted, tenant: 'default' })).toBe('FORBIDDEN');
    expect(await codeOf(theirs.key, 'mutation { rebuildProjection(name: "active") { position } }')).toBe(
      'FORBIDDEN',
    );
    await create(theirs.key, { name: 'of a key', tenant: 'gamma' });
    await create(ADMIN_KEY, { name: 'of the server', tenant: 'beta' });
    const names = async (token: string, variables?: object) =>
      (await list(token, variables)).nodes.map(({ name }) => name).toSorted();
    expect(await names(acme)).toEqual(['admins', 'of a key', 'viewers']);
    expect(await names(acme, { tenant: 'beta' })).toEqual([]);
    expect(await names(beta)).toEqual(['of the server']);
    expect(await names(ADMIN_KEY, { first: 100 })).toEqual(
      expect.arrayContaining(['admins', 'of a key', 'of the server', 'viewers']),
    );
    expect(await names(ADMIN_KEY, { tenant: 'beta' })).toEqual(['of the server']);

    expect(await codeOf(beta, REVOKE, { id: theirs.id })).toBe('API_KEY_NOT_FOUND');
    expect(await codeOf(acme, REVOKE, { id: theirs.id, reason: 'enough' })).toBe('OK');
    const [revoked] = (await list(acme)).nodes.filter(({ id }) => id === theirs.id);
    expect(revoked).toMatchObject({ revocation: { by: 'ann', reason: 'enough' }, createdBy: 'ann' });
  });

  it('are told of in the log to whoever runs the server, and to no tenant', async () => {
    const delta = await adminOf('delta');
    const { id } = await create(delta, { roles: [{ role: 'ADMIN' }] });
    const emit = 'mutation { emitEvent(type: "all_keys_told") { position } }';
    const heardBy = async (token: string): Promise<string> => {
      expect(await codeOf(token, emit)).toBe('OK');
      const query = 'subscription { events(after: "0") { stream type facts payload } }';
      let heard = '';
      for await (const answer of answersOf(await openStream(server.url, query, { headers: bearer(token) }))) {
        heard += JSON.stringify(answer);
        if (heard.includes('event-')) break;
      }
      return heard;
    };
    expect(await heardBy(delta)).not.toMatch(new RegExp(`access|${id}`));
    const told = await heardBy(ADMIN_KEY);
    expect(told).toContain('access.key_created');
    expect(told).toContain(id);
  });

  it('are listed by page, the last one first, with what they may', async () => {
    const expiresAt = '2099-01-31T00:00:00.000Z';
    const roles = [{ role: 'VIEWER' }, { role: 'OPERATOR', workflows: ['orders'], tags: ['eu'] }];
    for (const name of ['one', 'two', 'three', 'four', 'five'])
      await create(ADMIN_KEY, { name, roles, expiresAt, tenant: 'pages' });
    const seen: Listed['nodes'][number][] = [];
    for (let after: string | null = null; ;) {
      const { nodes, pageInfo }: Listed = await list(ADMIN_KEY, { first: 2, after, tenant: 'pages' });
      seen.push(...nodes);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen.map(({ name }) => name)).toEqual(['five', 'four', 'three', 'two', 'one']);
    expect(seen[0]).toMatchObject({
      tenant: 'pages',
      expiresAt,
      createdBy: 'admin',
      revocation: null,
      roles: [
        { role: 'VIEWER', workflows: null, tags: null },
        { role: 'OPERATOR', workflows: ['orders'], tags: ['eu'] },
      ],
    });
    expect(await codeOf(ADMIN_KEY, LIST, { after: 'x' })).toBe('BAD_USER_INPUT');
  });

  it('are refused that say nothing of use', async () => {
    const head = await server.core.log.head('access-keys');
    const right = { name: 'a', roles: [{ role: 'VIEWER' }] };
    for (const [wrong, field] of [
      [{ name: '' }, 'name'],
      [{ roles: [] }, 'roles'],
      [{ roles: [{ role: 'VIEWER', workflows: [] }] }, 'roles[0].workflows'],
      [{ roles: [{ role: 'VIEWER', tags: [''] }] }, 'roles[0].tags'],
      [{ tenant: 'a b' }, 'tenant'],
      [{ expiresAt: '2020-01-31T00:00:00Z' }, 'expiresAt'],
    ] as const) {
      const { errors } = await ask(ADMIN_KEY, CREATE, { ...right, ...wrong });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
    const { errors } = await ask(ADMIN_KEY, REVOKE, { id: 'x' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' });
    expect(await server.core.log.head('access-keys')).toEqual(head);
  });

  it('say when they were used last', async () => {
    const { key } = await create(ADMIN_KEY, { tenant: 'uses' });
    const query = '{ apiKeys(tenant: "uses") { nodes { lastUsedAt } } }';
    expect((await ask(ADMIN_KEY, query)).data).toEqual({ apiKeys: { nodes: [{ lastUsedAt: null }] } });
    await ask(key, '{ __typename }');
    await expect
      .poll(async () => (await ask(ADMIN_KEY, query)).data)
      .toEqual({ apiKeys: { nodes: [{ lastUsedAt: expect.any(String) as string }] } });
  });
});
