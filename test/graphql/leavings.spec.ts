import { once } from 'node:events';
import type { Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { handClock } from '../spec/clock.ts';
import { countOpenSources, countSources } from './counted-source.ts';
import { sampleForTest } from './sample-server.ts';
import { ask, send, welcomed } from './socket-peers.ts';
import { openStream } from './sse.ts';

const CYCLES = 120;

const listenersOf = (http: Server): number =>
  http.eventNames().reduce((sum, name) => sum + http.listenerCount(name), 0);

const connectionsOf = (http: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });

describe('clients that come and go', () => {
  it('leave no source, listener, timer or connection behind when they came by sockets', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock });
    const [open, count] = [countOpenSources(), countSources()];
    const listeners = listenersOf(server.http);
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const socket = await welcomed(server);
      for (const id of ['a', 'b']) ask(socket, id, 'subscription { silence }');
      if (cycle % 2 === 0) ask(socket, 'c', 'subscription { numbers }');
      if (cycle % 3 === 0) send(socket, { id: 'a', type: 'complete' });
      if (cycle % 2 === 0) await once(socket, 'message');
      const closed = once(socket, 'close');
      if (cycle % 5 === 0) socket.terminate();
      else socket.close();
      await closed;
    }
    await expect.poll(() => [open(), clock.due]).toEqual([0, []]);
    await expect.poll(() => connectionsOf(server.http)).toBe(0);
    expect(count().opened).toBeGreaterThanOrEqual(CYCLES);
    expect(listenersOf(server.http)).toBe(listeners);
    expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('leave no source, listener or connection behind when they came for event streams', async () => {
    const server = await sampleForTest();
    const [open, count] = [countOpenSources(), countSources()];
    const listeners = listenersOf(server.http);
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const field = cycle % 2 === 0 ? 'numbers' : 'silence';
      const response = await openStream(server.url, `subscription { ${field} }`);
      if (field === 'numbers') await once(response, 'data');
      response.destroy();
    }
    await expect.poll(() => [open(), count().opened]).toEqual([0, CYCLES]);
    await expect.poll(() => connectionsOf(server.http)).toBe(0);
    expect(listenersOf(server.http)).toBe(listeners);
    expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
