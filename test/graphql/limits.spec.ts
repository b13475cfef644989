import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, ask, messagesOf, welcomed } from './socket-peers.ts';
import { sampleForTest, serveSample, type Answer, type SampleServer } from './sample-server.ts';

const LIMITS = { cost: 500, aliases: 3, introspection: 200, document: 5_000, batch: 2, message: 10_000 };

/** What a request other than the usual one is answered. */
const posted = async (
  { url }: SampleServer,
  body: string | ReadableStream,
  type = 'application/json',
): Promise<{ status: number; body: Answer }> => {
  const request = { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' } as const;
  const response = await fetch(url, request);
  return { status: response.status, body: (await response.json()) as Answer };
};

describe('limits', () => {
  let server: SampleServer;

  beforeAll(async () => {
    server = await serveSample(LIMITS);
  });

  afterAll(() => server.close());

  const told = async (query: string, variables = {}) => (await server.post(query, variables)).body;

  it('of cost are shown in every answer, over HTTP and sockets', async () => {
    const query = 'query ($n: Int!) { links(first: $n) { number } }';
    const cost = { requested: 8, limit: 500 };
    expect(await told(query, { n: 7 })).toMatchObject({ extensions: { cost } });
    expect(await told('mutation { bump }')).toMatchObject({ extensions: { cost: { requested: 1 } } });
    const results: unknown[] = [];
    for await (const result of clientOf(server).iterate({ query, variables: { n: 7 } })) results.push(result);
    expect(results).toMatchObject([{ extensions: { cost } }]);
  });

  it('of cost go by the variables of each request, however often the same document comes', async () => {
    const query = 'query ($n: Int!) { links(first: $n) { next(first: 10) { number } } }';
    const costs = [];
    for (const n of [2, 60, 2]) costs.push((await told(query, { n })).errors?.[0]?.extensions);
    expect(costs).toEqual([undefined, { code: 'QUERY_TOO_COSTLY', found: 661, expected: 500 }, undefined]);
  });

  it('of cost are kept by what is carried out, not by what stands beside it', async () => {
    const query = 'query Dear { links(first: 99) { next(first: 99) { number } } } query Cheap { bumps }';
    const both = JSON.stringify({ query, operationName: 'Cheap' });
    expect((await posted(server, both)).body.data).toEqual({ bumps: 0 + Number(await bumpsOf(server)) });
    expect((await posted(server, both.replace('"Cheap"', '"Dear"'))).body.errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COSTLY' } },
    ]);
  });

  it('of aliases are kept', async () => {
    expect((await told('{ a: bumps b: bumps c: bumps }')).errors).toBeUndefined();
    expect(
      (await told('{ a: bumps ...F } fragment F on Query { b: bumps c: bumps d: bumps }')).errors,
    ).toMatchObject([{ extensions: { code: 'TOO_MANY_ALIASES', found: 4, expected: 3 } }]);
  });

  it('of introspection are kept, and leave room for what tools ask', async () => {
    const full = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true });
    expect((await told(full)).errors).toMatchObject([
      { extensions: { code: 'INTROSPECTION_TOO_COSTLY', expected: 200 } },
    ]);
    const { post } = await sampleForTest();
    expect((await post(full)).body.errors).toBeUndefined();
  });

  it('of a document are kept', async () => {
    expect((await told(`{ bumps } #${'x'.repeat(4_980)}`)).errors).toBeUndefined();
    expect((await told(`{ bumps } #${'x'.repeat(5_000)}`)).errors).toMatchObject([
      { extensions: { code: 'DOCUMENT_TOO_LONG', found: 5_011, expected: 5_000 } },
    ]);
  });

  it('of a batch are kept', async () => {
    const batch = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, () => ({ query: '{ bumps }' })));
    expect((await posted(server, batch(2))).body).toHaveLength(2);
    for (const found of [0, 3]) {
      const { status, body } = await posted(server, batch(found));
      expect([status, body.errors]).toMatchObject([
        400,
        [{ extensions: { code: 'BATCH_TOO_LARGE', found, expected: 2 } }],
      ]);
    }
    const alone = await sampleForTest();
    expect((await posted(alone, batch(2))).body.errors).toMatchObject([{ extensions: { expected: 1 } }]);
  });

  it('of a body are kept, also when nothing says how long it is', async () => {
    const body = JSON.stringify({ query: '{ bumps }', variables: { pad: 'x'.repeat(10_000) } });
    for (const sent of [body, new Blob([body]).stream()]) {
      const { status, body: answer } = await posted(server, sent);
      expect([status, answer.errors]).toMatchObject([
        413,
        [{ extensions: { code: 'PAYLOAD_TOO_LARGE', expected: 10_000 } }],
      ]);
    }
  });

  it.each([['{'], ['']])('are not needed for a body that is no JSON: %s', async (body) => {
    const { status, body: answer } = await posted(server, body);
    expect([status, answer.errors]).toMatchObject([400, [{ extensions: { code: 'BAD_REQUEST' } }]]);
    expect(answer.errors?.[0]?.message).toMatch(/^Expected a body that is JSON, but /);
  });

  it('of operations on a socket say how many there are', async () => {
    const socket = await welcomed(await sampleForTest({ operations: 1 }));
    const messages = messagesOf(socket);
    for (const id of ['a', 'b']) ask(socket, id, 'subscription { silence }');
    await expect.poll(() => messages.length).toBe(1);
    expect(messages[0]).toMatchObject({
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS', found: 2, expected: 1 } }],
    });
  });
});

const bumpsOf = async ({ post }: SampleServer): Promise<unknown> =>
  (await post('{ bumps }')).body.data?.['bumps'];
