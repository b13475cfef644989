import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createErrorMapper } from '../../src/graphql/errors/error-mapper.ts';
import { LIMITS } from '../../src/graphql/driver/limits.ts';
import { createOperations } from '../../src/graphql/driver/operations.ts';
import { answerPlainRequests } from '../../src/graphql/driver/plain-requests.ts';
import type { Transport } from '../../src/graphql/driver/transport.ts';
import { countingIds } from '../spec/ids.ts';
import { keepingLogger } from './keeping-logger.ts';
import { serveSample, type SampleServer } from './sample-server.ts';

const JSON_TYPE = 'application/json';

const post = async (url: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
  const asked = request(url, { method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers } });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const { date: _, ...told } = response.headers;
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode, headers: told, text };
};

/** A server that answers plain requests here and hands all others on, of which it keeps the bodies. */
const counting = async () => {
  const handedOn: string[] = [];
  const yoga = createYoga<Transport, object>({
    schema: buildSchema('type Query { one: Int }'),
    logging: false,
    plugins: [{ onRequestParse: ({ request }) => void handedOn.push(request.headers.get('x-of') ?? '') }],
  });
  const mapError = createErrorMapper({ logger: keepingLogger(), ids: countingIds(), development: false });
  const operations = createOperations(undefined);
  const answer = answerPlainRequests({ yoga, operations, mapError, path: '/graphql', limits: LIMITS });
  const http = createServer((req, res) =>
    answer(Object.assign(req, { originalUrl: req.url }), res, (work) => work()),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { handedOn, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql` };
};

describe('a plain request', () => {
  let server: SampleServer;
  beforeAll(async () => {
    server = await serveSample({ cost: 1_000, message: 10_000 });
  });
  afterAll(() => server.close());

  const operations: readonly (readonly [string, unknown])[] = [
    ['a query', { query: '{ bumps links { number } }' }],
    ['one of two queries', { query: 'query A { bumps } query B { links { number } }', operationName: 'B' }],
    ['none of two queries', { query: 'query A { bumps } query B { bumps }' }],
    ['an operation that is not there', { query: 'query A { bumps }', operationName: 'C' }],
    ['variables', { query: 'query ($n: Int!) { links(first: $n) { number } }', variables: { n: 3 } }],
    [
      'variables of another type',
      { query: 'query ($n: Int!) { links(first: $n) { number } }', variables: { n: 'x' } },
    ],
    ['no variables', { query: 'query ($n: Int!) { links(first: $n) { number } }', variables: null }],
    ['variables that are a list', { query: '{ bumps }', variables: [1] }],
    ['text beyond ASCII', { query: 'query ($j: JSON) { echo(json: $j) }', variables: { j: 'ä€😀' } }],
    ['no document', { query: '' }],
    ['a document that is null', { query: null }],
    ['a document that is a number', { query: 1 }],
    ['nothing', {}],
    ['a list', []],
    ['two operations', [{ query: '{ bumps }' }, { query: '{ bumps }' }]],
    ['a name that is a number', { query: '{ bumps }', operationName: 1 }],
    ['something that is not known', { query: '{ bumps }', more: 1 }],
    ['empty extensions', { query: '{ bumps }', extensions: {} }],
    ['extensions that are a text', { query: '{ bumps }', extensions: 'x' }],
    ['a hash that is not known', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
    ['a document that cannot be read', { query: '{ bumps' }],
    ['a field that is not there', { query: '{ bump }' }],
    ['a value that cannot be taken', { query: '{ links(first: "x") { number } }' }],
    ['too much', { query: '{ links(first: 99) { next(first: 99) { number } } }' }],
    ['what is too deep', { query: `{ links { ${'next { '.repeat(13)} number ${'} '.repeat(13)} } }` }],
    ['what is refused', { query: '{ fail(how: "rejection") }' }],
    ['what says when to come back', { query: '{ bumps fail(how: "overload") }' }],
    ['what cannot be answered', { query: '{ fail(how: "log") }' }],
    ['what fails with an error of GraphQL', { query: '{ fail(how: "graphql") }' }],
    ['what fails', { query: '{ bumps fail(how: "bug") }' }],
    ['an argument that is checked', { query: '{ echo(first: 0) }' }],
    ['a subscription', { query: 'subscription { refused }' }],
  ];
  const bodies: readonly (readonly [string, string | Buffer])[] = [
    ...operations.map(([what, asked]) => [what, JSON.stringify(asked)] as const),
    ['no JSON', '{'],
    ['a number', '1'],
    ['null', 'null'],
    ['no body', ''],
    ['a space', ' '],
    ['bytes that are no text', Buffer.from('7b2271756572799f223a317d', 'hex')],
    ['a mark of the order of bytes', `\ufeff${JSON.stringify({ query: '{ bumps }' })}`],
    ['a body that is too large', JSON.stringify({ query: `{ bumps } #${'x'.repeat(10_000)}` })],
  ];
  /** The id of an error that nobody foresaw is another one each time. */
  const known = (text: string): string => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an-id');

  it.each(bodies)('is answered as Yoga answers it: %s', async (_, body) => {
    for (const accept of [undefined, '*/*', JSON_TYPE, 'application/graphql-response+json']) {
      const plain = await post(server.url, body, accept === undefined ? {} : { accept });
      // To name it twice says the same, and is as nobody does.
      const other = await post(server.url, body, { accept: `${accept ?? '*/*'},${accept ?? '*/*'}` });
      expect({
        ...plain,
        text: known(plain.text),
        headers: { ...plain.headers, 'content-length': 0 },
      }).toEqual({
        ...other,
        text: known(other.text),
        headers: { ...other.headers, 'content-length': 0 },
      });
      expect(plain.headers['content-length']).toBe(
        plain.text === '' ? other.headers['content-length'] : String(Buffer.byteLength(plain.text)),
      );
    }
  });

  it('changes something once', async () => {
    const { text } = await post(server.url, JSON.stringify({ query: 'mutation { bump }' }));
    const { text: then } = await post(server.url, JSON.stringify({ query: '{ bumps }' }));
    expect([JSON.parse(text), JSON.parse(then)]).toMatchObject([
      { data: { bump: 1 } },
      { data: { bumps: 1 } },
    ]);
  });

  it('comes in parts', async () => {
    const body = JSON.stringify({ query: 'query ($j: JSON) { echo(json: $j) }', variables: { j: '€' } });
    const socket = connect(server.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const head = ['POST /graphql HTTP/1.1', 'Host: x', `Content-Type: ${JSON_TYPE}`, 'Connection: close'];
    const bytes = Buffer.from(body);
    const cut = bytes.indexOf('€') + 1;
    // The rest is sent once somebody is at what came before.
    const begun = once(server.http, 'request');
    socket.write(`${[...head, `Content-Length: ${bytes.length}`].join('\r\n')}\r\n\r\n`);
    socket.write(bytes.subarray(0, cut));
    await begun;
    socket.end(bytes.subarray(cut));
    let text = '';
    for await (const part of socket.setEncoding('utf8')) text += String(part);
    expect(text).toContain('"json":"€"');
  });
});

it('is answered without Yoga, and only that', async () => {
  const { handedOn, url } = await counting();
  const good = JSON.stringify({ query: '{ one }' });
  const asked: readonly (readonly [of: string, body: string, headers?: Readonly<Record<string, string>>])[] =
    [
      ['plain', good],
      ['plain with a name', JSON.stringify({ query: 'query A { one }', operationName: 'A', variables: {} })],
      ['a charset', good, { 'content-type': 'application/json; charset=UTF-8' }],
      ['either', good, { accept: 'application/graphql-response+json,application/json;q=0.9' }],
      ['a stream', good, { accept: 'text/event-stream' }],
      ['another charset', good, { 'content-type': 'application/json; charset=latin1' }],
      ['packed', good, { 'content-encoding': 'identity' }],
      ['chunks', good, { 'transfer-encoding': 'chunked' }],
      ['a hash', JSON.stringify({ query: '{ one }', extensions: { persistedQuery: {} } })],
      ['a subscription', JSON.stringify({ query: 'subscription { one }' })],
      ['no JSON', '{'],
      ['long', JSON.stringify({ query: `{ one } #${'x'.repeat(64 * 1024)}` })],
    ];
  for (const [of, body, headers] of asked) await post(url, body, { 'x-of': of, ...headers });
  await post(`${url}?a=b`, good, { 'x-of': 'parameters' });
  expect(handedOn).toEqual([
    'a stream',
    'another charset',
    'packed',
    'chunks',
    'a hash',
    'a subscription',
    'no JSON',
    'long',
    'parameters',
  ]);
});
