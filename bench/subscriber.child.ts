import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { PeerCommand, Received } from './subscriber-peers.ts';

// Many sockets that speak the protocol of subscriptions, in a process of their own: it is told what to do by messages.

const PROTOCOL = 'graphql-transport-ws';
const STREAM = /"stream":"execution-([^"]+)"/;
/** How many connect at once. */
const AT_ONCE = 50;

const open = new Set<WebSocket>();
let received: { ids: string[]; times: number[] } = { ids: [], times: [] };
let sample = '';

const now = (): number => performance.timeOrigin + performance.now();

const send = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));

const connect = async (url: string): Promise<WebSocket> => {
  const socket = new WebSocket(url, PROTOCOL, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  send(socket, { type: 'connection_init' });
  await once(socket, 'message');
  return socket;
};

const subscribe = (socket: WebSocket, id: string, query: string, variables: object = {}): void =>
  send(socket, { id, type: 'subscribe', payload: { query, variables } });

const listen = (socket: WebSocket): void => {
  socket.on('message', (data: Buffer) => {
    const at = now();
    const text = data.toString();
    const id = STREAM.exec(text)?.[1];
    if (id === undefined) throw new Error(`Expected an event of an execution, but got: ${text}`);
    received.ids.push(id);
    received.times.push(at);
    sample = text;
  });
};

const inTurns = async (count: number, one: (n: number) => Promise<void>): Promise<void> => {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) await one(begun++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

const leave = async (socket: WebSocket, hard: boolean): Promise<void> => {
  const closed = once(socket, 'close');
  if (hard) socket.terminate();
  else socket.close();
  await closed;
};

/** Connects, subscribes and goes, in every way that there is to go. */
const cycle = async (url: string, queries: readonly string[], n: number): Promise<void> => {
  const socket = await connect(url);
  subscribe(socket, 'a', queries[n % queries.length] ?? '');
  // Half of them stay until the server has answered something else, and half go before it may have heard of them.
  if (n % 2 === 0) {
    subscribe(socket, 'b', '{ __typename }');
    await once(socket, 'message');
  }
  if (n % 3 === 0) {
    send(socket, { id: 'a', type: 'complete' });
    await turn();
  }
  await leave(socket, n % 5 === 0);
};

const openAll = async (url: string, count: number, queries: readonly string[]): Promise<number> => {
  await inTurns(count, async (n) => {
    const socket = await connect(url);
    listen(socket);
    open.add(socket);
    const query = queries[n % queries.length];
    if (query !== undefined) subscribe(socket, '1', query, { own: `quiet-${n}` });
  });
  return open.size;
};

const cycleAll = async (url: string, count: number, queries: readonly string[]): Promise<number> => {
  await inTurns(count, (n) => cycle(url, queries, n));
  return count;
};

const closeAll = async (): Promise<number> => {
  const leaving = [...open].map((socket) => leave(socket, false));
  open.clear();
  await Promise.all(leaving);
  return open.size;
};

const take = (): Received => {
  const { ids, times } = received;
  received = { ids: [], times: [] };
  return { ids, times, sample };
};

const carryOut = async (command: PeerCommand): Promise<Received | number> => {
  if (command.do === 'open') return openAll(command.url, command.count, command.queries);
  if (command.do === 'close') return closeAll();
  if (command.do === 'cycle') return cycleAll(command.url, command.count, command.queries);
  return command.do === 'count' ? received.ids.length : take();
};

process.on('message', ({ id, command }: { id: number; command: PeerCommand }) => {
  void carryOut(command).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
