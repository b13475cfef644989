import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { openStream } from '../graphql/sse.ts';
import { openHttp, type HttpServerUnderTest } from '../http/open-http.ts';

const KEY = 'the-key-of-whoever-set-the-server-up';
const ENV = { SAGALOG_JWT_SECRET: SECRET, SAGALOG_JWT_AUDIENCE: 'sagalog', SAGALOG_ADMIN_KEY: KEY };

const ORDERS = `workflow: orders
trigger: { http: { method: POST, path: /orders } }
activities:
  - { name: note, activity: transform, input: {} }`;

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';

type Body = Readonly<Record<string, unknown>>;

const as = async (roles: readonly unknown[], more: object = {}) => ({
  authorization: `Bearer ${await tokenOf({ aud: 'sagalog', roles, ...more })}`,
});

const asking = (server: HttpServerUnderTest) => {
  const post = (headers: Readonly<Record<string, string>>, query: string, variables: object = {}) =>
    server.send('POST', '/graphql', { headers, json: { query, variables } });
  return {
    post,
    codeOf: async (headers: Readonly<Record<string, string>>, query: string, variables?: object) => {
      const { body } = await post(headers, query, variables);
      const [error] = (body['errors'] ?? []) as readonly { extensions: Body }[];
      return error?.extensions['code'] ?? 'OK';
    },
  };
};

describe('a server that asks who somebody is', () => {
  it('answers 401 to whoever is not known, on every way', async () => {
    const server = await openHttp({}, ENV);
    const { post } = asking(server);
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `Basic ${KEY}` }]) {
      const { status, body, headers: answered } = await post(headers, '{ __typename }');
      expect([status, answered.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    for (const path of ['/events/some', '/workers/claim', '/orders', '/nowhere'])
      expect((await server.send('POST', path, { json: {} })).status).toBe(401);
    expect((await server.send('GET', '/healthz')).status).toBe(200);
    expect((await server.send('GET', '/readyz')).status).toBe(200);
    const stream = await openStream(server.url, 'subscription { projectionsChanged { name } }');
    expect(stream.statusCode).toBe(401);
    const client = createClient({
      url: server.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    onTestFinished(() => client.dispose());
    await expect(client.iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject({ code: 4401 });
  });

  it('lets each role do what it may, on every way', async () => {
    const server = await openHttp({}, ENV);
    const { codeOf } = asking(server);
    const admin = { authorization: `Bearer ${KEY}` };
    const source = `execution:\n${ORDERS.replaceAll(/^/gm, '  ')}`;
    expect(await codeOf(await as(['operator']), REGISTER, { source })).toBe('FORBIDDEN');
    expect(await codeOf(await as(['author']), REGISTER, { source })).toBe('OK');
    const start = 'mutation { startExecution(workflow: "orders") { executionId } }';
    expect(await codeOf(await as(['viewer']), start)).toBe('FORBIDDEN');
    expect(await codeOf(await as(['operator']), start)).toBe('OK');
    expect(await codeOf(await as([{ role: 'operator', workflows: ['orders'] }]), start)).toBe('OK');
    expect(await codeOf(await as([{ role: 'operator', workflows: ['others'] }]), start)).toBe('FORBIDDEN');
    expect(await codeOf(await as([]), '{ executions { nodes { id } } }')).toBe('FORBIDDEN');
    const rebuild = 'mutation { rebuildProjection(name: "active", dryRun: true) { position } }';
    expect(await codeOf(await as(['author']), rebuild)).toBe('FORBIDDEN');
    expect(await codeOf(admin, rebuild)).toBe('OK');
    const tried = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await server.send('POST', path, { json: {}, headers })).status;
    expect(await tried('/orders', await as(['viewer']))).toBe(403);
    expect(await tried('/orders', await as([{ role: 'operator', workflows: ['orders'] }]))).toBe(202);
    expect(await tried('/events/some', await as([{ role: 'operator', workflows: ['orders'] }]))).toBe(403);
    expect(await tried('/events/some', await as(['operator']))).toBe(202);
    expect(await tried('/workers/complete', await as(['operator'], { tenant: 'acme' }))).toBe(403);
    expect(await tried('/workers/complete', await as(['operator']))).toBe(400);
  });

  it('records who it was, and how that is known', async () => {
    const server = await openHttp({}, ENV);
    const { post } = asking(server);
    const source = `execution:\n${ORDERS.replaceAll(/^/gm, '  ')}`;
    await post({ authorization: `Bearer ${KEY}` }, REGISTER, { source });
    const headers = await as(['operator'], { email: 'bea@example.org', tenant: 'acme' });
    const { body } = await server.send('POST', '/orders', { json: {}, headers });
    const [started] = await server.core.log.read(`execution-${String(body['executionId'])}`);
    expect(started?.commit.metadata).toMatchObject({
      actor: { id: 'bea@example.org', kind: 'user', via: 'jwt' },
      tenant: 'acme',
    });
    const [registered] = await server.core.log.read('workflow-orders');
    expect(registered?.commit.metadata.actor).toEqual({ id: 'admin', kind: 'user', via: 'admin_key' });
    expect(JSON.stringify(server.logger.lines)).not.toContain(KEY);
  });
});

describe('a server that asks nobody', () => {
  it('says so', async () => {
    const server = await openHttp();
    expect(server.logger.lines.map(({ message }) => message)).toContain(
      'Nobody is asked who they are: only this machine is listened to.',
    );
  });
});
