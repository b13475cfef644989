import { expect, it } from 'vitest';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { clientOf } from '../graphql/socket-peers.ts';
import { take } from '../graphql/writer.ts';
import { openHttp } from '../http/open-http.ts';

const KEY = 'the-key-of-whoever-set-the-server-up';
const SOURCE = `execution:
  workflow: notes
  activities:
    - { name: note, activity: log, input: { message: noted } }
`;
const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
const START = 'mutation { startExecution(workflow: "notes") { executionId } }';
const FOLLOW =
  'subscription { events(filter: { types: ["execution.started"] }, after: "0") { stream facts } }';

interface Told {
  readonly data?: { readonly events: { readonly stream: string } } | null;
}

it('tenants who ask for the same at once are each told of their own, by answers that are shared', async () => {
  const server = await openHttp({}, { SAGALOG_JWT_SECRET: SECRET, SAGALOG_ADMIN_KEY: KEY });
  const socketUrl = server.url.replace(/^http/, 'ws');
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const post = async (headers: Readonly<Record<string, string>>, query: string, variables = {}) =>
    (await server.send('POST', '/graphql', { headers, json: { query, variables } })).body['data'];
  await post(bearer(KEY), REGISTER, { source: SOURCE });
  const tenants = await Promise.all(
    ['acme', 'beta'].map(async (tenant) => {
      const headers = bearer(await tokenOf({ tenant, roles: ['operator'] }));
      const started: string[] = [];
      const start = async (): Promise<void> => {
        const data = (await post(headers, START)) as { startExecution: { executionId: string } };
        started.push(`execution-${data.startExecution.executionId}`);
      };
      const client = (): AsyncIterator<Told, undefined> =>
        clientOf({ socketUrl }, headers).iterate({ query: FOLLOW }) as AsyncIterator<Told, undefined>;
      return { started, start, told: [client(), client(), client()] };
    }),
  );
  const all = tenants.flatMap(({ started, told }) =>
    told.map((one) => ({ started, one, seen: [] as string[] })),
  );
  // Behind the first ones everybody follows the end of the log, where events are one object for all.
  for (const many of [1, 4]) {
    for (let n = 0; n < many; n += 1) for (const { start } of tenants) await start();
    for (const { one, seen } of all)
      for (const { data } of await take(one, many)) seen.push(data?.events.stream ?? 'nothing');
  }
  for (const { started, seen } of all) expect(seen).toEqual(started);
});
