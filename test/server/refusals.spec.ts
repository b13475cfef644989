import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openMetrics } from '../../src/adapters/telemetry/metrics.ts';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { serveKeys, type KeyServer } from './key-server.ts';

const ADMIN_KEY = 'the-key-of-whoever-set-the-server-up';
const FROM = { 'x-forwarded-for': '203.0.113.9', 'x-workflow-reason': 'a ticket' };

const ASKING = `execution:
  workflow: asking
  trigger: { http: { method: POST, path: /asking } }
  activities: [{ name: decide, approval: { assignees: [boss] } }]
`;

const LOG = `query ($filter: AuditFilter!) { auditLog(first: 100, filter: $filter) {
  nodes { kind outcome code operation target workflow actor via tenant times address reason requestId } } }`;

type Entry = Readonly<Record<string, unknown>>;

const metrics = openMetrics((error) => {
  throw error;
});
let server: KeyServer;

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, ...FROM });

const ask = async (token: string, query: string, variables: object = {}, more: object = {}) => {
  const { body } = await server.send('/graphql', { ...bearer(token), ...more }, { query, variables });
  return body as { readonly data?: Entry; readonly errors?: readonly { readonly extensions: Entry }[] };
};

const codeOf = async (token: string, query: string, variables: object = {}): Promise<unknown> =>
  (await ask(token, query, variables)).errors?.[0]?.extensions['code'] ?? 'OK';

const dataOf = async (token: string, query: string, variables: object = {}): Promise<Entry> => {
  const { data, errors } = await ask(token, query, variables);
  if (data === undefined) throw new Error(JSON.stringify(errors));
  return data;
};

const entries = async (filter: object, token = ADMIN_KEY): Promise<readonly Entry[]> =>
  ((await dataOf(token, LOG, { filter }))['auditLog'] as { readonly nodes: readonly Entry[] }).nodes;

/** What somebody is on record for as refused: each operation and its code once, in the order of their names. */
const refusalsOf = async (actor: string, token = ADMIN_KEY): Promise<readonly string[]> => {
  const found = await entries({ outcome: 'REFUSED', actor }, token);
  const texts = found.map(({ operation, kind, target, code }) => [operation, kind, target, code].join(' '));
  return [...new Set(texts)].toSorted();
};

beforeAll(async () => {
  server = await serveKeys(
    {
      SAGALOG_JWT_SECRET: SECRET,
      SAGALOG_ADMIN_KEY: ADMIN_KEY,
      SAGALOG_TRUSTED_PROXIES: '127.0.0.1,::1',
    },
    { metrics },
  );
  const register = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
  await dataOf(ADMIN_KEY, register, { source: ASKING });
});

afterAll(async () => {
  await server.close();
  await metrics.close();
});

const CANCEL = 'mutation ($id: ID!) { cancelExecution(executionId: $id) { __typename } }';
const START = 'mutation { startExecution(workflow: "asking") { executionId } }';

describe('whoever is refused what they may not', () => {
  it('is on record, with what it was, from where and why, once for all that is alike', async () => {
    const vic = await tokenOf({ sub: 'vic', roles: ['viewer'], tenant: 'acme' });
    const id = '0190d3c8-5f0e-7000-8000-0123456789ab';
    const request = { 'x-request-id': 'the-first' };
    expect((await ask(vic, CANCEL, { id }, request)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const common = { outcome: 'REFUSED', code: 'FORBIDDEN', actor: 'vic', via: 'jwt', tenant: 'acme' };
    const from = { address: '203.0.113.9', reason: 'a ticket', times: 1 };
    const admin = await tokenOf({ sub: 'ada', roles: ['admin'], tenant: 'acme' });
    await expect
      .poll(() => entries({ outcome: 'REFUSED' }, admin))
      .toEqual([
        {
          ...common,
          ...from,
          kind: 'COMMAND',
          operation: 'cancelExecution',
          target: id,
          workflow: null,
          requestId: 'the-first',
        },
      ]);
    for (let n = 0; n < 5; n += 1) expect(await codeOf(vic, CANCEL, { id })).toBe('FORBIDDEN');
    expect(await codeOf(vic, START)).toBe('FORBIDDEN');
    expect(await codeOf(vic, '{ auditLog { nodes { at } } }')).toBe('FORBIDDEN');
    expect((await server.send('/asking', bearer(vic), {})).status).toBe(403);
    await expect
      .poll(() => refusalsOf('vic', admin))
      .toEqual([
        '<route of a trigger> COMMAND asking FORBIDDEN',
        'auditLog READ  FORBIDDEN',
        `cancelExecution COMMAND ${id} FORBIDDEN`,
        'startExecution COMMAND asking FORBIDDEN',
      ]);
    const eve = await tokenOf({ sub: 'eve', roles: ['admin'], tenant: 'beta' });
    expect(await entries({ outcome: 'REFUSED' }, eve)).toEqual([]);
    expect(await entries({ outcome: 'ALLOWED', actor: 'vic' }, admin)).toEqual([]);
  });

  it('is on record for what a command comes to, too: a decision that is others’, a key of others', async () => {
    const bob = await tokenOf({ sub: 'bob', roles: ['admin'], tenant: 'acme' });
    const { startExecution } = await dataOf(bob, START);
    const { executionId: id } = startExecution as { readonly executionId: string };
    const decide =
      'mutation ($id: ID!) { decideApproval(executionId: $id, step: "decide", decision: APPROVED) { __typename } }';
    await expect.poll(() => codeOf(bob, decide, { id })).toBe('NOT_AN_ASSIGNEE');
    const make = 'mutation { createApiKey(name: "k", tenant: "beta", roles: [{ role: VIEWER }]) { id } }';
    expect(await codeOf(bob, make)).toBe('FORBIDDEN');
    await expect
      .poll(() => refusalsOf('bob', bob))
      .toEqual(['createApiKey COMMAND k FORBIDDEN', `decideApproval COMMAND ${id} NOT_AN_ASSIGNEE`]);
    expect(await entries({ outcome: 'ALLOWED', actor: 'bob' }, bob)).toMatchObject([
      { operation: 'startExecution', code: null },
    ]);
  });

  it('is on record with a key that counts no more, on every way, and nothing of it that is secret', async () => {
    const make = 'mutation { createApiKey(name: "k", roles: [{ role: ADMIN }]) { id key } }';
    const { createApiKey } = await dataOf(ADMIN_KEY, make);
    const { id, key } = createApiKey as { readonly id: string; readonly key: string };
    await dataOf(ADMIN_KEY, 'mutation ($id: ID!) { revokeApiKey(id: $id) { changed } }', { id });
    expect(await codeOf(key, CANCEL, { id })).toBe('UNAUTHENTICATED');
    expect((await server.send('/events/some', bearer(key), {})).status).toBe(401);
    const client = createClient({
      url: server.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearer(key),
      retryAttempts: 0,
    });
    onTestFinished(() => client.dispose());
    await expect(client.iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject({ code: 4401 });
    await expect
      .poll(() => refusalsOf(id))
      .toEqual([
        'cancelExecution COMMAND  UNAUTHENTICATED',
        'graphql READ  UNAUTHENTICATED',
        'http COMMAND /events/some UNAUTHENTICATED',
      ]);
    expect(await entries({ outcome: 'REFUSED', actor: id })).toContainEqual(
      expect.objectContaining({ via: 'api_key', tenant: 'default', address: '203.0.113.9' }),
    );
    const days = await Promise.all(
      ['access-keys', ...(await daysOnRecord())].map((stream) => server.core.log.read(stream)),
    );
    const text = JSON.stringify(days, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).toContain(id);
    expect(text).not.toContain(key.slice(-43));
  });

  it('is counted, and not on record, when nobody knows who it is', async () => {
    const before = await countedBy('nobody');
    const known = await entries({ outcome: 'REFUSED' });
    for (const token of ['x', 'sag_0190d3c8-5f0e-7000-8000-0123456789ab_x'])
      expect(await codeOf(token, START)).toBe('UNAUTHENTICATED');
    expect((await server.send('/events/some', {}, {})).status).toBe(401);
    expect((await countedBy('nobody')) - before).toBe(3);
    expect(await countedBy('key')).toBeGreaterThan(0);
    // Whoever is refused afterwards is on record, and nothing is that came before.
    const uma = await tokenOf({ sub: 'uma', roles: ['viewer'] });
    expect(await codeOf(uma, START)).toBe('FORBIDDEN');
    await expect.poll(() => refusalsOf('uma')).toEqual(['startExecution COMMAND asking FORBIDDEN']);
    const actors = new Set(known.map(({ actor }) => actor));
    const later = await entries({ outcome: 'REFUSED' });
    expect(later.filter(({ actor }) => !actors.has(actor)).map(({ actor }) => actor)).toEqual(['uma']);
  });
});

const daysOnRecord = async (): Promise<readonly string[]> => {
  const from = new Date(Date.now() - 86_400_000).toISOString();
  const { verifyAudit } = await dataOf(
    ADMIN_KEY,
    'query ($from: DateTime!) { verifyAudit(from: $from) { stream } }',
    { from },
  );
  return (verifyAudit as readonly { readonly stream: string }[]).map(({ stream }) => stream);
};

const countedBy = async (who: string): Promise<number> => {
  const line = (await metrics.exposition())
    .split('\n')
    .find((text) => text.startsWith(`sagalog_unauthenticated_total{who="${who}"}`));
  return Number(line?.split(' ').at(-1) ?? 0);
};
