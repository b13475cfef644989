import { describe, expect, it } from 'vitest';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { recordedOf } from '../spec/engine.ts';
import { ask, openServer } from '../server/open-server.ts';
import { openHttp, type SendOptions } from './open-http.ts';

const ORDERS = `
workflow: orders
trigger: { http: { method: POST, path: /orders/new } }
input: { schema: { type: object, required: [order], properties: { order: { type: integer } } } }
variables: { order: '\${input.order}', by: '\${event.method} \${event.path}' }
activities:
  - name: note
    set: { variables: { noted: '\${workflow.order + 1}' } }
`;

const WAITING = `
workflow: waiting
trigger: { http: { method: PUT, path: /waiting } }
activities:
  - name: rest
    wait: { signal: go }
`;

const FAILING = `
workflow: failing
trigger: { http: { method: POST, path: /failing } }
activities:
  - name: give_up
    fail: { type: NotGood, message: 'It is \${event.query.how}.' }
`;

describe('a request that a trigger names', () => {
  it('starts the workflow with its body as the input, and is answered with the id', async () => {
    const { register, send, core } = await openHttp();
    const definition = await register(ORDERS);
    const { status, body } = await send('POST', '/orders/new?how=fast&tag=a&tag=b', { json: { order: 7 } });
    expect([status, body]).toEqual([
      202,
      { executionId: expect.any(String) as string, created: true, position: String(await core.log.end()) },
    ]);
    const [started] = await recordedOf(core.log, body['executionId'] as string);
    expect(started?.facts).toEqual({ workflow: 'orders', definition, trigger: 'POST /orders/new' });
    expect(JSON.parse(started?.payload ?? '')).toEqual({
      input: { order: 7 },
      event: { method: 'POST', path: '/orders/new', query: { how: 'fast', tag: ['a', 'b'] } },
      variables: { order: 7, by: 'POST /orders/new' },
    });
  });

  it('with the same Idempotency-Key starts the same execution', async () => {
    const { register, send, core } = await openHttp();
    await register(ORDERS);
    const sent: SendOptions = { json: { order: 1 }, headers: { 'idempotency-key': 'one' } };
    const first = await send('POST', '/orders/new', sent);
    expect(first.body['executionId']).toBe(executionIdOf('orders', 'one'));
    const end = await core.log.end();
    const { body } = await send('POST', '/orders/new', sent);
    expect(body).toMatchObject({ executionId: first.body['executionId'], created: false });
    expect(await core.log.end()).toBe(end);
  });

  it('that has a key by the definition starts the same execution, whatever header it has', async () => {
    const { register, send, ...server } = await openHttp();
    await register(ORDERS.replace('} }\n', "}, idempotency_key: 'order ${input.order}' }\n"));
    const id = executionIdOf('orders', 'order 1');
    const sent: SendOptions = { json: { order: 1 }, headers: { 'idempotency-key': 'one' } };
    expect((await send('POST', '/orders/new', sent)).body).toMatchObject({ executionId: id, created: true });
    const again = await send('POST', '/orders/new', { json: { order: 1 } });
    expect(again.body).toMatchObject({ executionId: id, created: false });
    const byHand = 'mutation { startExecution(workflow: "orders", input: { order: 1 }) { created } }';
    expect(await ask(server, byHand)).toEqual({ startExecution: { created: true } });
  });

  it('in which the definition’s key cannot be found is refused', async () => {
    const { register, send } = await openHttp();
    await register(ORDERS.replace('} }\n', "}, idempotency_key: '${event.query.id}' }\n"));
    const { status, body } = await send('POST', '/orders/new', { json: { order: 1 } });
    expect([status, body]).toMatchObject([400, { error: { code: 'INVALID_INPUT' } }]);
    expect((await send('POST', '/orders/new?id=7', { json: { order: 1 } })).body).toMatchObject({
      executionId: executionIdOf('orders', '7'),
    });
  });

  it('can wait for the end and what it came to', async () => {
    const { register, send } = await openHttp();
    await register(ORDERS);
    await register(FAILING);
    expect(await send('POST', '/orders/new?wait', { json: { order: 7 } })).toMatchObject({
      status: 200,
      body: { status: 'completed', output: { order: 7, noted: 8 }, created: true },
    });
    const failed = await send('POST', '/failing?wait=10s&how=late');
    expect(failed).toMatchObject({
      status: 200,
      body: { status: 'failed', error: { type: 'NotGood', message: 'It is late.', details: null } },
    });
    const { executionId } = failed.body;
    expect(executionId).not.toBe('');
  });

  it('that waits is answered with what the definition says that the run gives, as the API shows it', async () => {
    const { register, send, core, ...server } = await openHttp();
    const shown = async (method: string, path: string, json?: object) => {
      const { body } = await send(method, path, json === undefined ? {} : { json });
      const id = body['executionId'] as string;
      const query = `{ execution(id: "${id}", waitFor: "${await core.log.end()}") { output } }`;
      return [body['output'], await ask({ ...server, core }, query)];
    };
    await register(ORDERS);
    const variables = { order: 7, by: 'POST /orders/new', noted: 8 };
    const plain = await shown('POST', '/orders/new?wait', { order: 7 });
    expect(plain).toEqual([variables, { execution: { output: variables } }]);
    await register(`${ORDERS}output: { next: '\${workflow.noted}' }\n`);
    const given = await shown('POST', '/orders/new?wait', { order: 7 });
    expect(given).toEqual([{ next: 8 }, { execution: { output: { next: 8 } } }]);
    await register(`${FAILING}output: { next: 1 }\n`);
    expect(await shown('POST', '/failing?wait&how=late')).toEqual([{}, { execution: { output: null } }]);
  });

  it('that waits is answered when the run ends, or with the id when that takes too long', async () => {
    const { register, send, ...server } = await openHttp();
    await register(WAITING);
    const headers = { 'idempotency-key': 'one' };
    const late = await send('PUT', '/waiting?wait=1ms', { headers });
    expect([late.status, late.body['status']]).toEqual([202, undefined]);
    const waiting = send('PUT', '/waiting?wait', { headers });
    const id = executionIdOf('waiting', 'one');
    await ask(server, `mutation { signalExecution(executionId: "${id}", signal: "go") { position } }`);
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'completed', created: false } });
    expect(await send('PUT', '/waiting?wait', { headers })).toMatchObject({ body: { status: 'completed' } });
  });

  it('that waits is told the id when the server stops', async () => {
    const { register, send, core, close } = await openHttp();
    await register(WAITING);
    const waiting = send('PUT', '/waiting?wait=60s');
    await expect.poll(async () => (await core.log.end()) > 0n && core.engine.executions.size).toBe(1);
    await close();
    expect(await waiting).toMatchObject({ status: 202, body: { created: true } });
  });

  it.each<readonly [string, number, string, string, string, SendOptions]>([
    ['another method', 405, 'METHOD_NOT_ALLOWED', 'PUT', '/orders/new', { json: { order: 1 } }],
    ['an input that differs', 400, 'INVALID_INPUT', 'POST', '/orders/new', { json: { order: 'x' } }],
    ['no input', 400, 'INVALID_INPUT', 'POST', '/orders/new', {}],
    ['what is no JSON', 400, 'BAD_USER_INPUT', 'POST', '/orders/new', { body: '{' }],
    ['a wait that is none', 400, 'BAD_USER_INPUT', 'POST', '/orders/new?wait=soon', { json: { order: 1 } }],
    [
      'a wait that is too long',
      400,
      'BAD_USER_INPUT',
      'POST',
      '/orders/new?wait=61s',
      { json: { order: 1 } },
    ],
    [
      'another site',
      403,
      'FORBIDDEN',
      'POST',
      '/orders/new',
      { headers: { 'sec-fetch-site': 'cross-site' } },
    ],
  ])('is refused for %s, and nothing is stored', async (_, status, code, method, path, sent) => {
    const { register, send, core } = await openHttp();
    await register(ORDERS);
    const end = await core.log.end();
    const answer = await send(method, path, sent);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(await core.log.end()).toBe(end);
  });

  it('is no other path, and what the server itself serves stays as it is', async () => {
    const { register, send } = await openHttp();
    await register(ORDERS);
    for (const path of ['/orders', '/orders/new/', '/Orders/new', '/'])
      expect((await send('POST', path)).status).toBe(404);
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('a route', () => {
  it('of another workflow is refused at its place, until that lets go of it', async () => {
    const server = await openHttp();
    const other = ORDERS.replace('workflow: orders', 'workflow: others');
    await server.register(ORDERS);
    await expect(server.register(other)).rejects.toThrow(
      /3:14 Expected a method and path that start no other workflow, but POST \/orders\/new starts \\"orders\\"/,
    );
    await server.register(other.replace('method: POST', 'method: PUT'));
    await server.register(ORDERS.replace('noted', 'known'));
    await server.register(ORDERS.replace('/orders/new', '/orders/newer'));
    await server.register(other);
    const { body } = await server.send('POST', '/orders/new', { json: { order: 1 } });
    const [started] = await recordedOf(server.core.log, body['executionId'] as string);
    expect(started?.facts).toMatchObject({ workflow: 'others' });
  });

  it('is one workflow’s also when two are registered at the same time', async () => {
    const { register } = await openHttp();
    const sources = [ORDERS, ORDERS.replace('workflow: orders', 'workflow: others')];
    const outcomes = await Promise.allSettled(sources.map(register));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is known again after a restart', async () => {
    const first = await openHttp();
    await first.register(WAITING);
    const { data } = first.core.config;
    await first.close();
    const second = await openServer({}, data);
    const response = await fetch(new URL('/waiting', second.url), { method: 'PUT' });
    expect(response.status).toBe(202);
  });
});
