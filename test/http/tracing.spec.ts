import { describe, expect, it } from 'vitest';
import { ask } from '../server/open-server.ts';
import { tokenOf } from '../spec/token.ts';
import { openHttp, type HttpServerUnderTest } from './open-http.ts';

const ORDERS = `
workflow: orders
trigger: { http: { method: POST, path: /orders } }
activities:
  - name: price
    activity: transform
    input: { order: '\${input.order}', text: '\${input.text}' }
  - name: total
    set: { variables: { total: 7 } }
`;

const LISTENING = `
workflow: listening
trigger: { event: order:placed }
activities: [{ name: price, activity: transform, input: '\${event}' }]
`;

const QUERY = `query ($id: ID!, $waitFor: Position) {
  execution(id: $id, waitFor: $waitFor) { trigger triggeredBy triggeredByUser tracing definition }
  timeline(executionId: $id, waitFor: $waitFor) { nodes { kind step capturedInput capturedOutput } }
}`;

interface Shown {
  readonly execution: Readonly<Record<string, unknown>>;
  readonly timeline: {
    readonly nodes: readonly { step: string | null; capturedInput: unknown; capturedOutput: unknown }[];
  };
}

const shown = async (server: HttpServerUnderTest, id: unknown): Promise<Shown> => {
  await server.core.engine.ended(id as string);
  return (await ask(server, QUERY, { id, waitFor: String(await server.core.log.end()) })) as Shown;
};

const priceOf = ({ timeline }: Shown) => timeline.nodes.find(({ step }) => step === 'price');

describe('a request that starts a run', () => {
  it('with X-Workflow-Trace: true has inputs and outputs of its steps on the timeline', async () => {
    const server = await openHttp();
    const definition = await server.register(ORDERS);
    const sent = { order: 7, text: 'x'.repeat(20_000) };
    const headers = { 'x-workflow-trace': 'true', authorization: `Bearer ${tokenOf({ sub: 'ann' })}` };
    const { body } = await server.send('POST', '/orders', { json: sent, headers });
    const found = await shown(server, body['executionId']);
    expect(found.execution).toEqual({
      trigger: 'POST /orders',
      triggeredBy: 'user',
      triggeredByUser: 'ann',
      tracing: 'explicit',
      definition,
    });
    const { capturedInput, capturedOutput } = priceOf(found) ?? {};
    expect(capturedInput).toEqual({
      truncated: true,
      bytes: Buffer.byteLength(JSON.stringify(sent)),
      beginning: expect.stringMatching(/^\{"order":7,"text":"x+$/) as string,
    });
    expect(capturedOutput).toEqual(capturedInput);
  });

  it.each(['True', 'TRUE', '1', 'yes', ' true x', ''])('and with %j has not', async (value) => {
    const server = await openHttp();
    await server.register(ORDERS);
    const headers = { 'x-workflow-trace': value };
    const { body } = await server.send('POST', '/orders', { json: { order: 7, text: '' }, headers });
    const found = await shown(server, body['executionId']);
    expect(found.execution).toMatchObject({ tracing: null, triggeredByUser: null });
    expect(priceOf(found)).toMatchObject({ capturedInput: null, capturedOutput: null });
  });

  it('by an event has them as well', async () => {
    const server = await openHttp();
    await server.register(LISTENING);
    const headers = {
      'x-workflow-trace': 'true',
      authorization: `Bearer ${tokenOf({ email: 'bob@example.org' })}`,
    };
    const { body } = await server.send('POST', '/events/order:placed', { json: { n: 1 }, headers });
    const [{ executionId }] = body['executions'] as [{ executionId: string }];
    const found = await shown(server, executionId);
    expect(found.execution).toMatchObject({
      trigger: 'order:placed',
      tracing: 'explicit',
      triggeredByUser: 'bob@example.org',
    });
    expect(priceOf(found)).toMatchObject({ capturedInput: { n: 1 }, capturedOutput: { n: 1 } });
  });

  it('by a mutation has them as well', async () => {
    const server = await openHttp();
    await server.register(ORDERS);
    const query =
      'mutation { startExecution(workflow: "orders", input: { order: 1, text: "" }) { executionId } }';
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-workflow-trace': 'true' },
      body: JSON.stringify({ query }),
    });
    const { data } = (await response.json()) as { data: { startExecution: { executionId: string } } };
    const found = await shown(server, data.startExecution.executionId);
    expect(found.execution).toMatchObject({ trigger: 'manual', tracing: 'explicit' });
    expect(priceOf(found)).toMatchObject({ capturedInput: { order: 1, text: '' } });
  });
});
