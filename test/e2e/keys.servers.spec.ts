import { expect, it, onTestFinished } from 'vitest';
import { serveKeys, type KeyServer } from '../server/key-server.ts';
import { answersOf, openStream } from '../graphql/sse.ts';
import { startEventStore } from '../servers/eventstoredb/server.ts';

const ADMIN_KEY = 'the-key-of-whoever-set-the-server-up';
const CREATE = 'mutation { createApiKey(name: "a key", roles: [{ role: VIEWER }]) { id key } }';
const FOLLOW = 'subscription { nodes { name } }';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

it('a key that is revoked on one node is refused on another, where what it is subscribed to ends', async () => {
  const eventStore = await startEventStore();
  onTestFinished(() => eventStore.stop());
  const open = async (name: string): Promise<KeyServer> => {
    const shared = { EVENTSTORE_URL: eventStore.url, SAGALOG_LEASE: '1500ms', SAGALOG_NODE: name };
    const server = await serveKeys({ ...shared, SAGALOG_ADMIN_KEY: ADMIN_KEY });
    onTestFinished(() => server.close());
    return server;
  };
  const [one, two] = [await open('one'), await open('two')];
  const ask = async (server: KeyServer, token: string, query: string): Promise<unknown> =>
    (await server.send('/graphql', bearer(token), { query })).body;

  const { data } = (await ask(one, ADMIN_KEY, CREATE)) as {
    readonly data: { readonly createApiKey: { readonly id: string; readonly key: string } };
  };
  const { id, key } = data.createApiKey;
  await expect.poll(() => ask(two, key, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
  const answers = answersOf(await openStream(two.url, FOLLOW, { headers: bearer(key) }));
  expect((await answers.next()).value?.errors).toBeUndefined();

  await ask(one, ADMIN_KEY, `mutation { revokeApiKey(id: "${id}", reason: "lost") { changed } }`);
  let last: unknown;
  for await (const answer of answers) last = answer;
  expect(last).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(await ask(two, key, '{ __typename }')).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(await ask(two, ADMIN_KEY, '{ apiKeys { nodes { id revocation { by reason } } } }')).toMatchObject({
    data: { apiKeys: { nodes: [{ id, revocation: { by: 'admin', reason: 'lost' } }] } },
  });
});
