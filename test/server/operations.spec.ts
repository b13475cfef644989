import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { openHttp } from '../http/open-http.ts';

const fileOf = (content: string): Readonly<Record<string, string>> => {
  const path = join(temporaryFolder(), 'operations.json');
  writeFileSync(path, content);
  return { SAGALOG_OPERATIONS: path };
};

it('a server carries out the documents of its file alone', async () => {
  const server = await openHttp({}, fileOf(JSON.stringify({ names: '{ nodes { name } }' })));
  const codeOf = async (json: object): Promise<unknown> => {
    const { body } = await server.send('POST', '/graphql', { json });
    const [error] = (body['errors'] ?? []) as readonly { extensions: { code: string } }[];
    return error?.extensions.code ?? 'OK';
  };
  expect(await codeOf({ extensions: { persistedQuery: { version: 1, sha256Hash: 'names' } } })).toBe('OK');
  expect(await codeOf({ query: '{ nodes { name } }' })).toBe('OK');
  expect(await codeOf({ query: '{ nodes { self } }' })).toBe('PERSISTED_QUERY_NOT_IN_LIST');
});

it('a server does not start with a file that cannot be used, and says where', async () => {
  await expect(openHttp({}, fileOf('{\n  "names": "{ nodes"\n}'))).rejects.toThrow(
    /operations\.json:2:3: Expected a document for "names", but Syntax Error/,
  );
});
