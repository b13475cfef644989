import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectApi } from '../../src/cli/demo/api.ts';
import { toldFailure } from '../../src/cli/demo/api-failure.ts';
import { ask } from '../../src/cli/following.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

const listen = async (server: Server): Promise<string> => {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
};

/** A URL that nobody listens at. */
const nowhere = async (): Promise<string> => {
  const server = createServer();
  const url = await listen(server);
  await new Promise((closed) => server.close(closed));
  servers.pop();
  return url;
};

/** Over a socket: acknowledges whoever connects, and does what is wanted when something is asked for. */
const serveSocket = async (asked: (id: string, send: (message: object) => void, end: () => void) => void) => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data: Buffer) => {
      const { id, type } = JSON.parse(data.toString()) as { id: string; type: string };
      if (type === 'connection_init') send({ type: 'connection_ack' });
      if (type === 'subscribe') asked(id, send, () => socket.terminate());
    });
  });
  return listen(server);
};

it('says where it has looked for a server when there is none, over HTTP and sockets', async () => {
  const url = await nowhere();
  const api = connectApi(url, '');
  const told = `Expected a server that answers at ${url}, but there is none`;
  await expect(api.query('{ nodes { name } }')).rejects.toThrow(told);
  await expect(ask(api, 'mutation { retain { position } }', {})).rejects.toThrow(told);
  await api.close();
});

it('says that what answers is no API', async () => {
  const url = await listen(
    createServer((_, response) => void response.setHeader('content-type', 'text/html').end('<p>Hello</p>')),
  );
  const api = connectApi(url, '');
  await expect(api.query('{ nodes { name } }')).rejects.toThrow('the answer was 200, text/html');
  await api.close();
});

it('says so when a server goes away before it has answered, and asks for nothing twice', async () => {
  let asked = 0;
  const url = await serveSocket((_id, _send, end) => {
    asked += 1;
    end();
  });
  const api = connectApi(url, '');
  await expect(ask(api, 'mutation { retain { position } }', {})).rejects.toThrow(
    `Expected ${url} to answer, but the connection has ended (1006)`,
  );
  expect(asked).toBe(1);
  await api.close();
});

it('says what a server refuses to begin', async () => {
  const url = await serveSocket((id, send) => {
    const payload = [{ message: 'Expected a name.', extensions: { code: 'BAD_USER_INPUT' } }];
    send({ id, type: 'error', payload });
  });
  const api = connectApi(url, '');
  await expect(ask(api, 'mutation { retain { position } }', {})).rejects.toThrow(
    'BAD_USER_INPUT: Expected a name.',
  );
  await api.close();
});

it('says what there is to choose from', () => {
  const told = (expected: unknown) =>
    toldFailure([{ message: 'There is no "nope".', extensions: { code: 'NOT_FOUND', expected } }]).message;
  expect(told(['active', 'logs'])).toBe('NOT_FOUND: There is no "nope". There are: active, logs.');
  expect(told('call again')).toBe('NOT_FOUND: There is no "nope".');
});
