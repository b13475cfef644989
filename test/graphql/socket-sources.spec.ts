import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { countOpenSources, countSources } from './counted-source.ts';
import { sampleForTest } from './sample-server.ts';
import { ask, clientOf, messagesOf, send, welcomed } from './socket-peers.ts';
import { whenNothingIsPulled } from './stalled.ts';

describe('the source of a subscription over a socket', () => {
  it('ends at once when the subscriber leaves, also while nothing comes', async () => {
    const open = countOpenSources();
    const client = clientOf(await sampleForTest());
    const iterator = client.iterate({ query: 'subscription { silence }' });
    const next = iterator.next();
    await expect.poll(open).toBe(1);
    await iterator.return?.();
    await next;
    await expect.poll(open).toBe(0);
  });

  it('ends when the connection breaks, like all others of it, and nothing is logged as a fault', async () => {
    const server = await sampleForTest();
    const count = countSources();
    const socket = await welcomed(server);
    for (let id = 0; id < 20; id += 1) ask(socket, String(id), 'subscription { silence }');
    ask(socket, 'fast', 'subscription { numbers }');
    await expect.poll(count).toMatchObject({ opened: 21, closed: 0 });
    socket.terminate();
    await expect.poll(count).toMatchObject({ opened: 21, closed: 21 });
    expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not left behind when the subscriber leaves before it was served', async () => {
    const open = countOpenSources();
    const socket = await welcomed(await sampleForTest());
    for (let id = 0; id < 50; id += 1) {
      ask(socket, String(id), 'subscription { silence }');
      send(socket, { id: String(id), type: 'complete' });
    }
    ask(socket, 'last', '{ bumps }');
    await once(socket, 'message');
    await expect.poll(open).toBe(0);
  });

  it('keeps nobody else from being served though it always has a value', async () => {
    const server = await sampleForTest();
    const socket = await welcomed(server);
    for (let id = 0; id < 4; id += 1) ask(socket, String(id), 'subscription { numbers }');
    await once(socket, 'message');
    expect((await server.post('{ bumps }')).body.data).toEqual({ bumps: 0 });
  });

  it('is not pulled while the subscriber does not read, and goes on without a gap', async () => {
    const server = await sampleForTest();
    const count = countSources();
    const socket = await welcomed(server);
    const messages = messagesOf(socket);
    ask(socket, 'a', 'subscription { texts(size: 10000) }');
    await once(socket, 'message');
    socket.pause();
    const pulled = await whenNothingIsPulled(server, count);
    // What the kernel and the socket take, which is some megabytes.
    expect(pulled).toBeLessThan(2_000);
    socket.resume();
    await expect.poll(() => messages.length).toBeGreaterThan(pulled + 500);
    const numbers = messages.map(({ payload }) =>
      Number.parseInt((payload as { data: { texts: string } }).data.texts, 10),
    );
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
