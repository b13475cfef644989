import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpActivity } from '../../src/activities/http/http.activity.ts';
import type { Json } from '../../src/domain/json.ts';
import { attemptContext } from './context.ts';
import { listen, type Loopback } from './loopback.ts';

const TOKEN = 's3cr&t "token"';
const activity = httpActivity({ SAGALOG_SECRET_API: TOKEN, SAGALOG_SECRET_EMPTY: '' });
const call = async (input: Json, overrides = {}) => activity.run(attemptContext(overrides).context, input);

const failure = async (input: Json, overrides = {}): Promise<Record<string, unknown>> => {
  try {
    await call(input, overrides);
  } catch (error) {
    return { ...(error as object), message: (error as Error).message };
  }
  throw new TypeError('Expected the request to fail, but it did not.');
};

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

let other: Loopback;
let server: Loopback;

beforeAll(async () => {
  other = await listen((_, response) => json(response, 200, { other: true }));
  server = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const text = (body: string | Buffer, type = 'text/plain', status = 200) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    switch (pathname) {
      case '/json':
        return json(response, 200, { ok: true }, { 'set-cookie': 'id=1', etag: 'e' });
      case '/text':
        return text('héllo', 'text/plain; charset=utf-8');
      case '/latin1':
        return text(Buffer.from('h\u00e9llo', 'latin1'), 'text/plain; charset=iso-8859-1');
      case '/binary':
        return text(Buffer.from([0xff, 0xfe, 0x80]), 'application/octet-stream');
      case '/bad-json':
        return text('{', 'application/problem+json');
      case '/status':
        return json(response, Number(searchParams.get('code')), { why: 'because' }, { 'retry-after': '7' });
      case '/large':
        return text('x'.repeat(Number(searchParams.get('size'))));
      case '/echo':
        return json(response, Number(searchParams.get('code') ?? 200), {
          headers: request.headers,
          url: request.url,
          [`key ${request.headers.authorization}`]: server.arrived.at(-1)?.body,
        });
      case '/cut':
        response.writeHead(200, { 'content-length': '100' });
        return response.write('some', () => response.destroy());
      case '/redirect':
        return response
          .writeHead(Number(searchParams.get('code')), { location: searchParams.get('to') ?? '' })
          .end();
      case '/hang':
        return undefined;
      case '/hang-body':
        return response.writeHead(200).write('some');
      default:
        return response.writeHead(204).end();
    }
  });
});

afterAll(async () => {
  await server.close();
  await other.close();
});

describe('the http activity', () => {
  it('answers status, headers but cookies, and the parsed body', async () => {
    expect(await call({ url: `${server.origin}/json` })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', etag: 'e' },
      body: { ok: true },
    });
    expect(await call({ url: `${server.origin}/json` })).not.toHaveProperty('headers.set-cookie');
  });

  it.each([
    ['/text', 'héllo'],
    ['/latin1', 'héllo'],
    ['/none', null],
  ])('answers %s as text', async (path, body) => {
    expect(await call({ url: server.origin + path })).toMatchObject({ body });
  });

  it('sends method, query, headers, a JSON body, and what makes repeating harmless', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await call(
      {
        method: 'put',
        url: `${server.origin}/x?a=1`,
        query: { b: 2, c: true },
        headers: { 'x-team': 'support' },
        body: { n: 1 },
      },
      { traceparent },
    );
    expect(server.arrived.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/x?a=1&b=2&c=true',
      body: '{"n":1}',
      headers: {
        'x-team': 'support',
        'content-type': 'application/json',
        'idempotency-key': 'e-1:s',
        traceparent,
      },
    });
  });

  it('sends text as it is', async () => {
    await call({ method: 'POST', url: server.origin, body: 'a=1', headers: { 'content-type': 'text/csv' } });
    expect(server.arrived.at(-1)).toMatchObject({ body: 'a=1', headers: { 'content-type': 'text/csv' } });
  });

  it('fails with HttpStatus, the body and retry-after for a status that is not 2xx', async () => {
    expect(await failure({ url: `${server.origin}/status?code=503` })).toMatchObject({
      type: 'HttpStatus',
      message: `Expected GET ${server.origin}/status to answer 2xx, but it answered 503.`,
      details: { status: 503, body: { why: 'because' }, retry_after: '7' },
    });
  });

  it('takes the expected status from the input', async () => {
    const url = `${server.origin}/status?code=404`;
    expect(await call({ url, expected_status: [200, 404] })).toMatchObject({ status: 404 });
    expect(await failure({ url: `${server.origin}/json`, expected_status: 201 })).toMatchObject({
      message: expect.stringContaining('to answer 201, but it answered 200.'),
    });
  });

  it('shows only the beginning of a large body in an error', async () => {
    const { details } = await failure({ url: `${server.origin}/large?size=10000`, expected_status: 201 });
    expect((details as { body: string }).body).toHaveLength(4_096);
  });

  it.each([
    [
      '/large?size=11',
      'ResponseTooLarge',
      'Expected a response of at most 10 bytes (max_bytes), but there are more.',
    ],
    ['/bad-json', 'InvalidResponse', 'Expected a response of JSON, as it says it is, but it is none.'],
    ['/binary', 'InvalidResponse', 'Expected a response of utf-8 text, but it cannot be read as that.'],
    ['/cut', 'Network', expect.stringContaining(`, but: other side closed.`)],
  ])('fails for %s with %s', async (path, type, message) => {
    expect(await failure({ url: server.origin + path, max_bytes: 10 })).toMatchObject({ type, message });
  });

  it('reads a body of exactly the limit', async () => {
    expect(await call({ url: `${server.origin}/large?size=10`, max_bytes: 10 })).toMatchObject({
      body: 'xxxxxxxxxx',
    });
  });

  it('fails with Network and the code when nobody answers', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    expect(await failure({ url: gone.origin })).toMatchObject({
      type: 'Network',
      details: { code: 'ECONNREFUSED' },
      message: expect.stringContaining(`Expected an answer from ${gone.origin}, but: connect ECONNREFUSED`),
    });
  });

  it.each(['/hang', '/hang-body'])('ends at once when it is aborted during %s', async (path) => {
    const abort = new AbortController();
    const before = server.arrived.length;
    const called = call({ url: server.origin + path }, { signal: abort.signal });
    await expect.poll(() => server.arrived.length).toBe(before + 1);
    abort.abort(new DOMException('The attempt took too long.', 'TimeoutError'));
    await expect(called).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    [{ url: 'ftp://x/y' }, 'Expected an http or https URL, but found "ftp://x/y".'],
    [{ url: 'nonsense' }, 'Expected an http or https URL, but found "nonsense".'],
    [{ url: 'http://a:b@x/' }, 'Expected a URL without user and password (use a header), but it has them.'],
    [{ url: 'http://x/', body: 1 }, 'Expected a GET request to have no body, but it has one.'],
    [{ url: 'http://x/', headers: { a: 'b\nc' } }, 'Expected headers that can be sent, but "a" cannot.'],
  ])('refuses %o for good', async (input, message) => {
    expect(await failure(input)).toMatchObject({ type: 'InvalidInput', retryable: false, message });
  });
});

describe('redirects', () => {
  const redirect = (code: number, to: string) =>
    `${server.origin}/redirect?code=${code}&to=${encodeURIComponent(to)}`;

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [302, 'PUT', 'PUT', '"b"'],
    [307, 'POST', 'POST', '"b"'],
    [308, 'POST', 'POST', '"b"'],
  ])('%i of a %s is followed by a %s', async (code, method, then, body) => {
    await call({ method, url: redirect(code, '/landed'), body: 'b' === body ? 'b' : '"b"' });
    expect(server.arrived.at(-1)).toMatchObject({ method: then, url: '/landed', body });
  });

  it('end after the limit', async () => {
    const loop = `${server.origin}/redirect?code=302&to=${encodeURIComponent('?code=302&to=%3Fcode%3D302')}`;
    expect(await failure({ url: loop, max_redirects: 1 })).toMatchObject({
      type: 'TooManyRedirects',
      message: 'Expected at most 1 redirects, but there are more.',
    });
  });

  it('are an answer when none is wanted', async () => {
    expect(await call({ url: redirect(302, '/x'), max_redirects: 0, expected_status: 302 })).toMatchObject({
      status: 302,
      headers: { location: '/x' },
    });
  });

  it('never take secrets to another origin', async () => {
    const headers = { authorization: 'Basic x', 'x-key': { secret: 'API' }, 'x-team': 'support' };
    expect(await call({ url: redirect(302, `${other.origin}/x`), headers })).toMatchObject({
      body: { other: true },
    });
    expect(other.arrived).toHaveLength(1);
    expect(other.arrived[0]?.headers).toMatchObject({ 'x-team': 'support' });
    expect(other.arrived[0]?.headers).not.toHaveProperty('x-key');
    expect(other.arrived[0]?.headers).not.toHaveProperty('authorization');
    expect(
      await failure({
        method: 'POST',
        url: redirect(307, `${other.origin}/x`),
        body: { key: { secret: 'API' } },
      }),
    ).toMatchObject({ type: 'InvalidResponse', message: expect.stringContaining('a body with secrets') });
    expect(other.arrived).toHaveLength(1);
  });

  it('to what is no web address fail', async () => {
    expect(await failure({ url: redirect(302, 'file:///etc/passwd') })).toMatchObject({
      type: 'InvalidResponse',
    });
  });
});

describe('secrets', () => {
  const secret = { secret: 'API' };
  const forms = [TOKEN, encodeURIComponent(TOKEN), JSON.stringify(TOKEN).slice(1, -1), 's3cr'];
  const input = {
    method: 'POST',
    query: { key: secret },
    headers: { authorization: { secret: 'API', prefix: 'Bearer ' } },
    body: { login: { key: secret, secret: 'API', other: 1 }, key: secret },
  };

  it('are filled in on the way out', async () => {
    await call({ ...input, url: `${server.origin}/x` });
    const { headers, body, url } = server.arrived.at(-1)!;
    expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(body)).toEqual({ login: { key: TOKEN, secret: 'API', other: 1 }, key: TOKEN });
    expect(new URL(url ?? '', server.origin).searchParams.get('key')).toBe(TOKEN);
  });

  it('are never in what comes back, in any form', async () => {
    const output = JSON.stringify(await call({ ...input, url: `${server.origin}/echo` }));
    expect(output).toContain('[secret API]');
    expect(forms.filter((form) => output.includes(form))).toEqual([]);
  });

  it('are never in an error', async () => {
    const failures = [
      await failure({ ...input, url: `${server.origin}/echo?code=500` }),
      await failure({ ...input, url: secret }),
      await failure({ url: { secret: 'API', prefix: 'http://127.0.0.1:1/' } }),
      await failure({ url: server.origin, headers: { 'x-key': { secret: 'API', suffix: '\nx' } } }),
    ].map((error) => JSON.stringify(error));
    expect(failures.join()).toContain('[secret API]');
    expect(failures.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
  });

  it.each(['MISSING', 'EMPTY'])('that are not set fail the step for good: %s', async (name) => {
    expect(await failure({ url: server.origin, headers: { a: { secret: name } } })).toMatchObject({
      type: 'SecretMissing',
      retryable: false,
      message: `Expected the secret "${name}" in the variable SAGALOG_SECRET_${name}, but it is not set.`,
    });
  });
});
