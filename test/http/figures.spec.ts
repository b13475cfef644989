import { expect, it } from 'vitest';
import { answersOf, openStream } from '../graphql/sse.ts';
import { openHttp } from './open-http.ts';

const ORDER = `
workflow: order
trigger: { http: { method: POST, path: /order } }
activities:
  - name: note
    activity: log
    input: { message: Noted }
`;

interface Told {
  readonly cursor: string;
  readonly metrics: { readonly count: number };
}

it('tells of measures as they change, and none older than a cursor to whoever comes back', async () => {
  const server = await openHttp();
  await server.register(ORDER);
  const registered = await server.core.log.end();
  const watched = (after: bigint) =>
    openStream(
      server.url,
      `subscription { metricsChanged(workflow: "order", after: "${after}") { cursor metrics { count } } }`,
    );
  let started = false;
  let last: Told | undefined;
  for await (const { data } of answersOf(await watched(registered))) {
    last = data?.['metricsChanged'] as Told;
    expect(BigInt(last.cursor)).toBeGreaterThanOrEqual(registered);
    if (last.metrics.count === 2) break;
    if (started) continue;
    started = true;
    expect(last.metrics.count).toBe(0);
    for (let at = 0; at < 2; at += 1) {
      const { body } = await server.send('POST', '/order', { json: {} });
      await server.core.engine.ended(body['executionId'] as string);
    }
  }
  expect(last?.metrics.count).toBe(2);
  for await (const { data } of answersOf(await watched(await server.core.log.end()))) {
    expect(data?.['metricsChanged']).toMatchObject({ metrics: { count: 2 } });
    break;
  }
});

it('tells of nodes as they are', async () => {
  const server = await openHttp();
  const stream = await openStream(server.url, 'subscription { nodes { self folds partitions } }');
  for await (const { data } of answersOf(stream)) {
    expect(data?.['nodes']).toEqual([
      expect.objectContaining({ self: true, partitions: expect.any(Array) as object }),
    ]);
    break;
  }
});
