import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LIMITS } from '../../src/graphql/driver/limits.ts';
import { handClock } from '../spec/clock.ts';
import { countOpenSources } from './counted-source.ts';
import { sampleForTest } from './sample-server.ts';
import { ask, closeOf, deafPeer, NO_FRAME, send, welcomed } from './socket-peers.ts';

/** Sends without end, as fast as the socket takes it, until the socket is closed. */
const flood = (socket: WebSocket, ping: (socket: WebSocket) => void): void => {
  const more = (): void => {
    for (let count = 0; count < 200 && socket.bufferedAmount < 10_000_000; count += 1) ping(socket);
    if (socket.readyState === WebSocket.OPEN) setImmediate(more);
  };
  more();
};

describe('a peer', () => {
  it.each([
    [
      'of the protocol',
      (socket: WebSocket) => send(socket, { type: 'ping', payload: { pad: 'x'.repeat(1_000) } }),
    ],
    ['of the socket', (socket: WebSocket) => socket.ping('x'.repeat(120))],
  ])('that sends pings %s and does not read is terminated', async (_, ping) => {
    const socket = await welcomed(await sampleForTest({ buffered: 64 * 1024 }));
    socket.pause();
    flood(socket, ping);
    // A paused socket does not hear that it was ended; a write that fails tells it.
    expect(await closeOf(socket)).toBe(1006);
  });

  it('that does not answer pings is dropped, and one that does is kept', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock });
    const open = countOpenSources();
    const dead = await welcomed(server, { autoPong: false });
    ask(dead, 'a', 'subscription { silence }');
    await expect.poll(open).toBe(1);
    const alive = await welcomed(server);
    const dropped = closeOf(dead);
    for (let beat = 0; beat < 3; beat += 1) {
      const pinged = once(alive, 'ping');
      clock.advance(LIMITS.heartbeat);
      await pinged;
      // Whoever has this answer had sent its pong before.
      ask(alive, String(beat), '{ bumps }');
      await once(alive, 'message');
    }
    expect(await dropped).toBe(1006);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    await expect.poll(open).toBe(0);
  });

  it('is told that the server stops', async () => {
    const server = await sampleForTest();
    const open = countOpenSources();
    const socket = await welcomed(server);
    ask(socket, 'a', 'subscription { silence }');
    await expect.poll(open).toBe(1);
    const closed = closeOf(socket);
    await server.close();
    expect(await closed).toBe(1001);
    expect(open()).toBe(0);
  });

  it('that breaks its connection while it is told that the server stops does not cut the stop short', async () => {
    const server = await sampleForTest();
    const peer = await deafPeer(server.port);
    const told = once(peer, 'data');
    const closing = server.close();
    await told;
    peer.write(NO_FRAME);
    await closing;
    expect(server.http.listenerCount('upgrade')).toBe(0);
  });

  it('that does not close when the server stops is terminated a moment later', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock });
    const told = closeOf(await welcomed(server));
    const gone = once(await deafPeer(server.port), 'close');
    const closing = server.close();
    expect(await told).toBe(1001);
    clock.advance(LIMITS.farewell);
    await Promise.all([gone, closing]);
  });
});
