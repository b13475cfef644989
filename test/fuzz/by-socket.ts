import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Came } from './judge.ts';

/** Operations over a socket, one after the other. */
export interface BySocket {
  /** What comes of an operation until it is complete, or until queries behind it are answered when it goes on. */
  send(payload: string, goesOn: boolean): Promise<Came>;
  close(): void;
}

interface Message {
  readonly id?: string;
  readonly type: string;
}

const BEHIND = 3;

const open = async (url: string, headers: Readonly<Record<string, string>>): Promise<WebSocket | number> => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
  return Promise.race([once(socket, 'message').then(() => socket), closed]);
};

/** Opens a socket when there is something to send, and another one when it was closed. */
export const createBySocket = (url: string, headers: Readonly<Record<string, string>>): BySocket => {
  let opened: WebSocket | undefined;
  let id = 0;

  const ask = (socket: WebSocket, name: string, payload: string): void =>
    socket.send(`{"id":"${name}","type":"subscribe","payload":${payload}}`);

  const answered = (socket: WebSocket, payload: string, goesOn: boolean): Promise<Came> =>
    new Promise((resolve) => {
      const came: string[] = [];
      const own = `o${(id += 1)}`;
      let behind = 0;
      const end = (text: string): void => {
        socket.off('message', take);
        socket.off('close', gone);
        if (goesOn && socket.readyState === WebSocket.OPEN)
          socket.send(JSON.stringify({ id: own, type: 'complete' }));
        resolve({ status: 200, text });
      };
      const ping = (): void => ask(socket, `p${own}${behind}`, '{"query":"{ __typename }"}');
      const take = (data: Buffer): void => {
        const text = data.toString();
        const message = JSON.parse(text) as Message;
        if (message.id === own && message.type !== 'complete') came.push(text);
        const isOver = message.id === own && message.type !== 'next';
        if (isOver) end(`[${came.join(',')}]`);
        else if (message.type === 'complete' && message.id?.startsWith('p') === true) {
          behind += 1;
          if (behind < BEHIND) ping();
          else end(`[${came.join(',')}]`);
        }
      };
      const gone = (code: number): void => end(JSON.stringify([...came, { closed: code }]));
      socket.on('message', take);
      socket.on('close', gone);
      ask(socket, own, payload);
      if (goesOn) ping();
    });

  return {
    send: async (payload, goesOn) => {
      if (opened?.readyState !== WebSocket.OPEN) {
        const found = await open(url, headers);
        if (typeof found === 'number') return { status: 200, text: `[{"closed":${found}}]` };
        opened = found;
      }
      return answered(opened, payload, goesOn);
    },
    close: () => opened?.terminate(),
  };
};
