import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { handClock } from '../spec/clock.ts';
import { countSources } from './counted-source.ts';
import { sampleForTest, type SampleServer } from './sample-server.ts';
import { ask, closeOf, send, socketTo, welcomed } from './socket-peers.ts';
import { openStream } from './sse.ts';

const SILENCE = 'subscription { silence }';

/** What a socket is refused with. */
const refusal = async (socket: WebSocket): Promise<{ status: number | undefined; body: unknown }> => {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: response.statusCode, body: JSON.parse(await textOf(response)) };
};

const textOf = async (response: IncomingMessage): Promise<string> =>
  (await response.setEncoding('utf8').toArray()).join('');

const whoFollows = (address: string): object => ({ headers: { 'x-forwarded-for': address } });

const opens = async (server: SampleServer, address: string): Promise<number | undefined> =>
  (await openStream(server.url, SILENCE, whoFollows(address))).statusCode;

describe('connections that may go on for ever', () => {
  it('are counted together, sockets and event streams, and there is room again when one has left', async () => {
    const server = await sampleForTest({ connections: 2 });
    const socket = await welcomed(server);
    const stream = await openStream(server.url, SILENCE);
    const errors = [{ extensions: { code: 'TOO_MANY_CONNECTIONS', found: 2, expected: 2 } }];
    expect(await refusal(socketTo(server.socketUrl))).toMatchObject({ status: 503, body: { errors } });
    const refused = await openStream(server.url, SILENCE);
    expect([refused.statusCode, JSON.parse(await textOf(refused))]).toMatchObject([503, { errors }]);
    expect((await server.post('{ bumps }')).status).toBe(200);
    socket.close();
    stream.destroy();
    const statusOf = async (): Promise<number | undefined> => {
      const response = await openStream(server.url, SILENCE);
      response.destroy();
      return response.statusCode;
    };
    await expect.poll(statusOf).toBe(200);
  });

  it('are counted by address', async () => {
    const server = await sampleForTest({ perAddress: 1 });
    await welcomed(server);
    const errors = [{ extensions: { code: 'TOO_MANY_CONNECTIONS', found: 1, expected: 1 } }];
    expect(await refusal(socketTo(server.socketUrl))).toMatchObject({ status: 429, body: { errors } });
    // Nobody is believed to forward somebody else.
    expect(await opens(server, '10.1.1.1')).toBe(429);
  });

  it('are counted by the address that a proxy names, and not by what stands before it', async () => {
    const access = {
      contextOf: () => ({}),
      isProxy: (address = '') => /127\.0\.0\.1$|^10\.9\./.test(address),
    };
    const server = await sampleForTest({ perAddress: 1, access });
    expect(await opens(server, '10.1.1.1')).toBe(200);
    expect(await opens(server, '10.1.1.2')).toBe(200);
    expect(await opens(server, '10.1.1.1')).toBe(429);
    expect(await opens(server, '10.1.1.3, 10.1.1.2')).toBe(429);
    expect(await opens(server, '10.1.1.2, 10.9.0.1')).toBe(429);
    expect(await opens(server, '10.1.1.4,10.9.0.1, 10.9.0.2')).toBe(200);
  });

  it('are closed when nothing was under way for a while, and kept while something is', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock, idle: 1_000, heartbeat: 1_000_000 });
    const [idle, busy, asking] = [await welcomed(server), await welcomed(server), await welcomed(server)];
    const count = countSources();
    ask(busy, 's', SILENCE);
    await expect.poll(count).toMatchObject({ opened: 1 });
    const gone = closeOf(idle);
    expect(await outcome(asking)).toBe('answered');
    clock.advance(1_000);
    expect(await gone).toBe(4410);
    expect(await outcome(asking)).toBe('answered');
    clock.advance(1_000);
    expect(await outcome(asking)).toBe('answered');
    const left = closeOf(asking);
    clock.advance(2_000);
    expect(await left).toBe(4410);
    expect(await outcome(busy)).toBe('answered');
    send(busy, { id: 's', type: 'complete' });
    await expect.poll(count).toMatchObject({ closed: 1 });
    const ended = closeOf(busy);
    clock.advance(2_000);
    expect(await ended).toBe(4410);
    await expect.poll(() => clock.due).toEqual([]);
  });
});

/** What comes of a query over a socket. */
const outcome = async (socket: WebSocket): Promise<string> => {
  ask(socket, 'q', '{ bumps }');
  return Promise.race([
    once(socket, 'message').then(() => 'answered'),
    once(socket, 'close').then(() => 'closed'),
  ]);
};
