import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleForTest, serveSample, type Answer, type SampleServer } from './sample-server.ts';
import { answersOf, openStream } from './sse.ts';

/** What an operation over a socket ends with. */
const overSocket = async ({ socketUrl: url }: SampleServer, query: string): Promise<unknown> => {
  const client = createClient({ url, webSocketImpl: WebSocket });
  const found: unknown[] = [];
  try {
    for await (const result of client.iterate({ query })) found.push(result);
    return found;
  } catch (error) {
    return error;
  } finally {
    await client.dispose();
  }
};

const overSse = async ({ url }: SampleServer, query: string): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for await (const answer of answersOf(await openStream(url, query))) answers.push(answer);
  return answers;
};

describe('errors', () => {
  let server: SampleServer;

  beforeAll(async () => {
    server = await serveSample({ depth: 4, cost: 500, tokens: 200 });
  });

  afterAll(() => server.close());

  it.each([
    ['rejection', { code: 'INVALID_INPUT', field: 'f', found: 1, expected: 2 }],
    ['graphql', { code: 'MINE' }],
    ['log', { code: 'LOG_UNAVAILABLE' }],
    ['document', { code: 'READ_MODELS_CORRUPT' }],
  ])('keep the code of a %s and what it says', async (how, extensions) => {
    const { status, body } = await server.post(`{ fail(how: "${how}") }`);
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.extensions).toEqual(extensions);
    expect(body.errors?.[0]?.path).toEqual(['fail']);
    expect(body.errors?.[0]?.message).toMatch(/^Expected/);
  });

  it('say over HTTP when to try again, in whole seconds, and everywhere in milliseconds', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ fail(how: "overload") }' }),
    });
    expect(response.headers.get('retry-after')).toBe('2');
    const { errors } = (await response.json()) as Answer;
    expect(errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfter: 1_500 });
    const [socket] = (await overSocket(server, '{ fail(how: "overload") }')) as Answer[];
    expect(socket?.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfter: 1_500 });
  });

  it('say nothing of what is inside, but log it', async () => {
    const outage = await server.post('{ fail(how: "log") }');
    expect(JSON.stringify(outage.body)).not.toContain('10.1.2.3');
    const bug = await server.post('{ fail(how: "bug") }');
    expect(JSON.stringify(bug.body)).not.toContain('hunter2');
    const [error] = bug.body.errors ?? [];
    expect(error?.extensions).toEqual({ code: 'INTERNAL', id: expect.any(String) as string });
    const line = server.logger.lines.find(({ fields }) => fields['id'] === error?.extensions['id']);
    expect(line).toMatchObject({ level: 'error', fields: { path: 'fail' } });
    expect(line?.fields['err']).toMatchObject({ stack: expect.stringContaining('hunter2') as string });
    expect(server.logger.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
  });

  it('show their cause in development', async () => {
    const { post } = await sampleForTest({ development: true });
    const { body } = await post('{ fail(how: "bug") }');
    expect(body.errors?.[0]?.extensions['cause']).toContain('hunter2');
  });

  it.each([
    ['GRAPHQL_PARSE_FAILED', '{ bumps '],
    ['GRAPHQL_PARSE_FAILED', `{ ${'bumps '.repeat(300)} }`],
    ['GRAPHQL_VALIDATION_FAILED', '{ bump }'],
    ['QUERY_TOO_DEEP', '{ links { next { next { next { number } } } } }'],
    [
      'QUERY_TOO_DEEP',
      '{ ...A } fragment A on Query { links { next { ...B } } } fragment B on Link { next { next { number } } }',
    ],
    ['QUERY_TOO_COSTLY', '{ links(first: 30) { next(first: 30) { number } } }'],
    ['QUERY_TOO_COSTLY', 'query ($n: Int! = 100) { links(first: $n) { next(first: 10) { number } } }'],
    ['QUERY_TOO_COSTLY', '{ links(first: 999999) { a: number b: number c: number d: number e: number } }'],
  ])('%s are the same over HTTP, SSE and sockets (%#)', async (code, query) => {
    const { status, body } = await server.post(query);
    expect(status).toBe(200);
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toContain(code);
    const [streamed] = await overSse(server, query);
    expect(streamed?.errors?.map(({ extensions }) => extensions['code'])).toContain(code);
    const socket = await overSocket(server, query);
    // What only variables tell is found when the operation is carried out, and is its result.
    expect(JSON.stringify(socket)).toContain(`"code":"${code}"`);
    expect(JSON.stringify([body, streamed, socket])).not.toContain('"http"');
  });

  it.each([
    'subscription { numbers @skip(if: true) }',
    'subscription { ... @skip(if: true) { numbers } }',
    'subscription { ...F } fragment F on Subscription { ... { numbers @include(if: false) } }',
  ])('say that a subscription may have no field: %s', async (query) => {
    const [streamed] = await overSse(server, query);
    const socket = await overSocket(server, query);
    for (const errors of [streamed?.errors, socket])
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('Expected a subscription whose field is always there') as string,
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ]);
  });

  it('name a variable that cannot be read', async () => {
    const { body } = await server.post('query ($n: Int!) { links(first: $n) { number } }', { n: 'x' });
    expect(body.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toContain('$n');
  });

  it.each([
    ['rejection', 'INVALID_INPUT'],
    ['bug', 'INTERNAL'],
  ])('of a source (%s) reach the subscriber with a code, behind what it said before', async (how, code) => {
    const query = `subscription { broken(how: "${how}") }`;
    const streamed = await overSse(server, query);
    expect(streamed[0]).toEqual({ data: { broken: 1 } });
    expect(streamed[1]?.errors?.[0]?.extensions['code']).toBe(code);
    expect(await overSocket(server, query)).toMatchObject([{ extensions: { code } }]);
    expect(JSON.stringify(streamed)).not.toContain('hunter2');
  });
});
