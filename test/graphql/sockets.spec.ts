import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { countSources } from './counted-source.ts';
import { sampleForTest } from './sample-server.ts';
import { ask, clientOf, closeOf, messagesOf, refusalOf, send, socketTo, welcomed } from './socket-peers.ts';

describe('sockets', () => {
  it('carry queries, mutations and subscriptions', async () => {
    const client = clientOf(await sampleForTest());
    const results: unknown[] = [];
    for (const query of ['mutation { bump }', '{ bumps }']) {
      for await (const result of client.iterate({ query })) results.push(result);
    }
    for await (const result of client.iterate({ query: 'subscription { numbers }' })) {
      if (results.push(result) === 4) break;
    }
    expect(results).toMatchObject([
      { data: { bump: 1 } },
      { data: { bumps: 1 } },
      { data: { numbers: 1 } },
      { data: { numbers: 2 } },
    ]);
  });

  it('are accepted at the path alone', async () => {
    const { socketUrl, port } = await sampleForTest();
    expect(await refusalOf(socketTo(`${socketUrl}/more`))).toBe(404);
    expect(await refusalOf(socketTo(`${socketUrl}s`))).toBe(404);
    expect(await refusalOf(socketTo(`ws://127.0.0.1:${port}/`))).toBe(404);
    await once(socketTo(`${socketUrl}?a=1`), 'open');
  });

  it('are not accepted from pages of other sites', async () => {
    const { socketUrl, port } = await sampleForTest();
    expect(await refusalOf(socketTo(socketUrl, { origin: 'https://evil.example' }))).toBe(403);
    expect(await refusalOf(socketTo(socketUrl, { origin: 'null' }))).toBe(403);
    await once(socketTo(socketUrl, { origin: `http://127.0.0.1:${port}` }), 'open');
  });

  it('are not accepted beyond the cap, and are again when one has left', async () => {
    const server = await sampleForTest({ connections: 2 });
    const first = await welcomed(server);
    await welcomed(server);
    expect(await refusalOf(socketTo(server.socketUrl))).toBe(503);
    first.close();
    await once(first, 'close');
    const outcome = async (): Promise<string> => {
      const socket = socketTo(server.socketUrl);
      return Promise.race([once(socket, 'open').then(() => 'accepted'), refusalOf(socket).then(String)]);
    };
    await expect.poll(outcome).toBe('accepted');
  });

  it('carry no more operations at once than allowed', async () => {
    const count = countSources();
    const socket = await welcomed(await sampleForTest({ operations: 2 }));
    const messages = messagesOf(socket);
    for (const id of ['a', 'b', 'c']) ask(socket, id, 'subscription { silence }');
    await expect.poll(() => messages.length).toBe(1);
    expect(messages[0]).toMatchObject({
      id: 'c',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS', expected: 2 } }],
    });
    await expect.poll(count).toMatchObject({ opened: 2 });
    send(socket, { id: 'a', type: 'complete' });
    await expect.poll(count).toMatchObject({ closed: 1 });
    ask(socket, 'd', 'subscription { silence }');
    await expect.poll(count).toMatchObject({ opened: 3 });
  });

  it.each([
    ['longer than the limit', 1009, (socket: WebSocket) => socket.send('x'.repeat(1_001))],
    ['that is no text', 1003, (socket: WebSocket) => socket.send(Buffer.from('{}'))],
    ['that is not of the protocol', 4400, (socket: WebSocket) => socket.send('nonsense')],
  ])('are closed for a message %s, with %i', async (_, code, offend) => {
    const socket = await welcomed(await sampleForTest({ message: 1_000 }));
    offend(socket);
    expect(await closeOf(socket)).toBe(code);
  });

  it('are closed for an operation that is asked for before the welcome', async () => {
    const { socketUrl } = await sampleForTest();
    const socket = socketTo(socketUrl);
    await once(socket, 'open');
    ask(socket, 'a', '{ bumps }');
    expect(await closeOf(socket)).toBe(4401);
  });
});
