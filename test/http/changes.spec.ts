import { expect, it } from 'vitest';
import { ask } from '../server/open-server.ts';
import { answersOf, openStream } from '../graphql/sse.ts';
import { openHttp, type HttpServerUnderTest } from './open-http.ts';

const TWO = `
workflow: two
trigger: { http: { method: POST, path: /two } }
activities:
  - name: first
    activity: transform
    input: { out: 1 }
  - name: second
    activity: transform
    input: { out: 2 }
`;

interface Told {
  readonly cursor: string;
  readonly entry: { readonly id: string; readonly status: string };
}

const ENTRY = 'id kind status';

const changesOf = async (server: HttpServerUnderTest, query: string): Promise<readonly Told[]> => {
  const told: Told[] = [];
  for await (const { data, errors } of answersOf(await openStream(server.url, query))) {
    expect(errors).toBeUndefined();
    told.push(data?.['timelineChanged'] as Told);
  }
  return told;
};

it('tells of entries of a timeline as they are in the view, to the end, and of those behind a cursor', async () => {
  const server = await openHttp();
  await server.register(TWO);
  const { body } = await server.send('POST', '/two', { json: {} });
  const id = body['executionId'] as string;
  const follow = (after: string): string =>
    `subscription { timelineChanged(executionId: "${id}"${after}) { cursor entry { ${ENTRY} } } }`;
  const told = await changesOf(server, follow(''));
  await server.core.engine.ended(id);
  const { timeline } = (await ask(
    server,
    `{ timeline(executionId: "${id}", waitFor: "${await server.core.log.end()}") { nodes { ${ENTRY} } } }`,
  )) as { readonly timeline: { readonly nodes: readonly Told['entry'][] } };
  expect(timeline.nodes).toHaveLength(3);
  const latest = new Map(told.map(({ entry }) => [entry.id, entry]));
  expect([...latest.values()]).toEqual(expect.arrayContaining([...timeline.nodes]));
  expect(latest.size).toBe(3);
  const cursors = told.map(({ cursor }) => BigInt(cursor));
  expect(cursors).toEqual(cursors.toSorted((a, b) => Number(a - b)));
  // All of it is there by now, so that each entry is told once.
  const whole = await changesOf(server, follow(''));
  expect(whole.map(({ entry }) => entry)).toHaveLength(3);
  expect(await changesOf(server, follow(`, after: "${whole[0]?.cursor}"`))).toEqual(whole.slice(1));
  expect(await changesOf(server, follow(`, after: "${whole.at(-1)?.cursor}"`))).toEqual([]);
});

it('tells of executions that meet a filter, also of what came before', async () => {
  const server = await openHttp();
  await server.register(TWO);
  const before = await server.core.log.end();
  const stream = await openStream(
    server.url,
    `subscription { executionsChanged(filter: { workflow: "two", status: [COMPLETED] }, after: "${before}") {
      cursor lagging { behind } execution { id status }
    } }`,
  );
  const ids: unknown[] = [];
  for (let at = 0; at < 3; at += 1) {
    const { body } = await server.send('POST', '/two', { json: {} });
    ids.push(body['executionId']);
    await server.core.engine.ended(body['executionId'] as string);
  }
  const told = new Map<unknown, unknown>();
  for await (const { data } of answersOf(stream)) {
    const change = data?.['executionsChanged'] as { readonly execution: { readonly id: string } };
    told.set(change.execution.id, change);
    if (told.size === 3) break;
  }
  expect([...told.values()]).toEqual(
    ids.map((id) => ({
      cursor: expect.any(String) as string,
      lagging: null,
      execution: { id, status: 'COMPLETED' },
    })),
  );
});

it('refuses a filter that cannot be, and an execution that there is none of', async () => {
  const server = await openHttp();
  const codesOf = async (query: string): Promise<readonly unknown[]> => {
    for await (const { errors = [] } of answersOf(await openStream(server.url, query)))
      return errors.map(({ extensions }) => extensions['code']);
    return [];
  };
  expect(await codesOf('subscription { executionsChanged(filter: { version: 2 }) { cursor } }')).toEqual([
    'BAD_USER_INPUT',
  ]);
  expect(await codesOf('subscription { timelineChanged(executionId: "nobody") { cursor } }')).toEqual([
    'EXECUTION_NOT_FOUND',
  ]);
});
