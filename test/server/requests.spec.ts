import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { openHttp } from '../http/open-http.ts';

const KEY = 'the-key-of-whoever-set-the-server-up';
const ENV = {
  SAGALOG_JWT_SECRET: SECRET,
  SAGALOG_ADMIN_KEY: KEY,
  SAGALOG_TRUSTED_PROXIES: '127.0.0.1,::1',
};

const ORDERS = `execution:
  workflow: orders
  trigger: { http: { method: POST, path: /orders } }
  activities:
    - { name: hold, wait: { signal: go } }`;

const opened = async () => {
  const server = await openHttp({}, ENV);
  const operator = { authorization: `Bearer ${await tokenOf({ roles: ['operator'], sub: 'ann' })}` };
  const post = async (headers: Readonly<Record<string, string>>, query: string, variables: object = {}) => {
    const answer = await server.send('POST', '/graphql', { headers, json: { query, variables } });
    expect(answer.body['errors']).toBeUndefined();
    return { ...answer, data: answer.body['data'] as Readonly<Record<string, Record<string, string>>> };
  };
  await post(
    { authorization: `Bearer ${KEY}` },
    'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }',
    { source: ORDERS },
  );
  const requestsOf = async (stream: string) =>
    (await server.core.log.read(stream)).map(({ commit }) => commit.metadata.request);
  return { ...server, operator, post, requestsOf };
};

const START = 'mutation { startExecution(workflow: "orders") { executionId } }';

describe('the events of a request', () => {
  it('say where it came from, what it is known by, what it was for and why', async () => {
    const { operator, post, requestsOf } = await opened();
    const from = { 'x-forwarded-for': '203.0.113.9', 'x-request-id': 'r-1' };
    const started = await post({ ...operator, ...from, 'x-workflow-reason': 'a test' }, START);
    expect(started.headers.get('x-request-id')).toBe('r-1');
    const id = started.data['startExecution']?.['executionId'];
    const address = '203.0.113.9';
    expect((await requestsOf(`execution-${id}`))[0]).toEqual({
      id: 'r-1',
      operation: 'startExecution',
      address,
      reason: 'a test',
    });
    const cancel =
      'mutation ($id: ID!) { cancelExecution(executionId: $id, reason: "enough") { __typename } }';
    const cancelled = await post({ ...operator, 'x-workflow-reason': 'not this' }, cancel, { id });
    const own = cancelled.headers.get('x-request-id') ?? '';
    expect(own).toMatch(/^[0-9a-f-]{36}$/);
    const said = { id: own, operation: 'cancelExecution', reason: 'enough' };
    expect((await requestsOf(`execution-${id}`)).at(-1)).toMatchObject(said);
  });

  it('say so of requests beside GraphQL, and of each operation of a socket', async () => {
    const { send, url, operator, requestsOf } = await opened();
    const headers = { ...operator, 'x-request-id': 'r-2' };
    const routed = await send('POST', '/orders', { json: {}, headers });
    expect(routed.headers.get('x-request-id')).toBe('r-2');
    const [begun] = await requestsOf(`execution-${String(routed.body['executionId'])}`);
    expect(begun).toMatchObject({ id: 'r-2', operation: '<route of a trigger>' });
    const emitted = await send('POST', '/events/some', { json: {}, headers: operator });
    const [accepted] = await requestsOf(`event-${String(emitted.body['eventId'])}`);
    expect(accepted).toMatchObject({
      id: emitted.headers.get('x-request-id'),
      operation: 'POST /events/<type>',
    });

    const client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: operator,
    });
    onTestFinished(() => client.dispose());
    const started: string[] = [];
    for (let count = 0; count < 2; count++) {
      for await (const { data } of client.iterate<{ startExecution: { executionId: string } }>({
        query: START,
      }))
        started.push(data?.startExecution.executionId ?? '');
    }
    const requests = await Promise.all(started.map(async (id) => (await requestsOf(`execution-${id}`))[0]));
    expect(requests[0]).toMatchObject({ operation: 'startExecution', address: expect.any(String) as string });
    expect(new Set(requests.map((request) => request?.id)).size).toBe(2);
  });
});
