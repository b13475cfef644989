import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient, type Client } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import type { SampleServer } from './sample-server.ts';

/** The protocol that sockets speak. */
export const PROTOCOL = 'graphql-transport-ws';

/** The client that most applications have. It goes with the test. */
export const clientOf = (
  { socketUrl: url }: Pick<SampleServer, 'socketUrl'>,
  connectionParams: Readonly<Record<string, string>> = {},
): Client => {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams });
  onTestFinished(() => client.dispose());
  return client;
};

/** A bare socket. It goes with the test. */
export const socketTo = (url: string, options: ClientOptions = {}): WebSocket => {
  const socket = new WebSocket(url, PROTOCOL, options);
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  return socket;
};

/** A socket that has been welcomed. */
export const welcomed = async (
  { socketUrl }: Pick<SampleServer, 'socketUrl'>,
  options: ClientOptions = {},
): Promise<WebSocket> => {
  const socket = socketTo(socketUrl, options);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  return socket;
};

/** What no peer of a socket may send. */
export const NO_FRAME = Buffer.from('ffff', 'hex');

/** A peer that was accepted and hears nothing from then on, not even a goodbye. */
export const deafPeer = async (port: number): Promise<Socket> => {
  const peer = connect(port, '127.0.0.1');
  peer.on('error', () => undefined);
  onTestFinished(() => void peer.destroy());
  const headers = [
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${PROTOCOL}`,
  ];
  peer.write(`GET /graphql HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  await once(peer, 'data');
  return peer;
};

/** Sends a message of the protocol. */
export const send = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));

/** Asks for an operation. */
export const ask = (socket: WebSocket, id: string, query: string): void =>
  send(socket, { id, type: 'subscribe', payload: { query } });

/** A message of the protocol. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** The messages that come from now on. */
export const messagesOf = (socket: WebSocket): readonly Message[] => {
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  return messages;
};

/** The status that a socket is refused with. */
export const refusalOf = async (socket: WebSocket): Promise<number> => {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
};

/** The code that a socket is closed with; 1006 when it is cut. */
export const closeOf = async (socket: WebSocket): Promise<number> =>
  ((await once(socket, 'close')) as [number])[0];
