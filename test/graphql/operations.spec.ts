import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientOf } from './socket-peers.ts';
import { sampleForTest, type Answer, type SampleServer } from './sample-server.ts';
import { answersOf, openStream } from './sse.ts';

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

const named = (sha256Hash: string): object => ({ persistedQuery: { version: 1, sha256Hash } });

const post = async ({ url }: SampleServer, body: object): Promise<Answer> => {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  return (await (await fetch(url, request)).json()) as Answer;
};

const codeOf = ({ errors }: Answer): unknown => errors?.[0]?.extensions['code'] ?? 'OK';

/** What comes of an operation over a socket. */
const overSocket = async (server: SampleServer, query: string, extensions: object): Promise<unknown> => {
  const operation = { query, extensions: { ...extensions } };
  try {
    const { value } = (await clientOf(server).iterate(operation).next()) as { value: Answer };
    return codeOf(value);
  } catch (errors) {
    return codeOf({ errors } as Answer);
  }
};

const COUNT = '{ bumps }';
const ADD = 'mutation { bump }';
const FOLLOW = 'subscription { numbers }';

describe('documents that are named by their hashes', () => {
  it('are asked for until they were sent once, and found by all that come after', async () => {
    const server = await sampleForTest();
    const asked = { extensions: named(hashOf(COUNT)) };
    expect(await post(server, asked)).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await post(server, { query: COUNT, ...asked })).toMatchObject({ data: { bumps: 0 } });
    expect(await post(server, asked)).toMatchObject({ data: { bumps: 0 } });
    const search = new URLSearchParams({ extensions: JSON.stringify(asked.extensions) });
    expect(await (await fetch(`${server.url}?${search}`)).json()).toMatchObject({ data: { bumps: 0 } });
    expect(await overSocket(server, '', asked.extensions)).toBe('OK');
  });

  it('are not believed to be others', async () => {
    const server = await sampleForTest();
    const found = hashOf(ADD);
    const expected = hashOf(COUNT);
    expect(await post(server, { query: ADD, extensions: named(expected) })).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_MISMATCH', found, expected } }],
    });
    expect(await overSocket(server, ADD, named(expected))).toBe('PERSISTED_QUERY_MISMATCH');
    expect(codeOf(await post(server, { extensions: named(expected) }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('carry out no mutation by GET either', async () => {
    const server = await sampleForTest();
    await post(server, { query: ADD, extensions: named(hashOf(ADD)) });
    const search = new URLSearchParams({ extensions: JSON.stringify(named(hashOf(ADD))) });
    expect((await fetch(`${server.url}?${search}`)).status).toBe(405);
    expect(await post(server, { query: COUNT })).toMatchObject({ data: { bumps: 1 } });
  });

  it('are forgotten for those that came later', async () => {
    const server = await sampleForTest();
    const longer = (n: number): string => `${COUNT} #${String(n).padStart(60_000, 'x')}`;
    const documents = Array.from({ length: 20 }, (_, n) => longer(n));
    for (const query of documents) await post(server, { query, extensions: named(hashOf(query)) });
    const codes = [];
    for (const query of [documents[0], documents[19]])
      codes.push(codeOf(await post(server, { extensions: named(hashOf(query ?? '')) })));
    expect(codes).toEqual(['PERSISTED_QUERY_NOT_FOUND', 'OK']);
  });

  it.each([[{ persistedQuery: null }], [{ persistedQuery: { sha256Hash: 7 } }], [{ other: 1 }]])(
    'are not meant by other extensions: %j',
    async (extensions) => {
      const server = await sampleForTest();
      expect(codeOf(await post(server, { query: COUNT, extensions }))).toBe('OK');
      expect(codeOf(await post(server, { extensions }))).toBe('BAD_REQUEST');
    },
  );
});

describe('a server that is told which documents it carries out', () => {
  const documents = new Map([
    ['count', COUNT],
    ['follow', FOLLOW],
  ]);

  it.each([
    ['by its id', '', named('count')],
    ['by its hash', '', named(hashOf(COUNT))],
    ['as it stands there', COUNT, {}],
    ['as it stands there, under any name', COUNT, named('x')],
  ])('takes one %s', async (_, query, extensions) => {
    const server = await sampleForTest({ documents });
    expect(codeOf(await post(server, { query, extensions }))).toBe('OK');
    expect(await overSocket(server, query, extensions)).toBe('OK');
  });

  it.each([
    ['another one', `${COUNT} `, {}],
    ['another one under a name of the list', ADD, named('count')],
    ['an unknown name', '', named(hashOf(ADD))],
    ['no name', '', {}],
    ['a name of every object', '', named('constructor')],
    ['introspection', '{ __schema { types { name } } }', {}],
  ])('refuses %s, on every way', async (_, query, extensions) => {
    const server = await sampleForTest({ documents });
    const code = 'PERSISTED_QUERY_NOT_IN_LIST';
    expect(codeOf(await post(server, { query, extensions }))).toBe(code);
    expect(codeOf(await post(server, { query, extensions }))).toBe(code);
    expect(await overSocket(server, query, extensions)).toBe(code);
    const stream = answersOf(await openStream(server.url, query, { extensions }));
    const { value: streamed } = (await stream.next()) as { value: Answer };
    expect(codeOf(streamed)).toBe(code);
  });

  it('carries out subscriptions of the list', async () => {
    const server = await sampleForTest({ documents });
    const { value } = (await clientOf(server).iterate({ query: FOLLOW }).next()) as { value: Answer };
    expect(value).toEqual({ data: { numbers: 1 } });
    expect(await overSocket(server, 'subscription { silence }', {})).toBe('PERSISTED_QUERY_NOT_IN_LIST');
  });
});
