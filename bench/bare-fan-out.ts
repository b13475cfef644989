import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RecordedEvent } from '../src/domain/event.ts';
import type { EventLog } from '../src/ports/event-log.ts';

/** A server that sends one text to everybody who is connected. */
export interface BareFanOut {
  readonly url: string;
  close(): Promise<void>;
}

const ACK = JSON.stringify({ type: 'connection_ack' });

/** Follows the log and sends what it is told to of an event, once made into text, to every socket; it knows nothing else. */
export const openBareFanOut = async (
  log: EventLog,
  textOf: (event: RecordedEvent) => string | undefined,
): Promise<BareFanOut> => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const over = new AbortController();
  const following = (async () => {
    for await (const { events } of log.subscribe({ after: await log.end(), signal: over.signal }))
      for (const event of events) {
        const text = textOf(event);
        if (text !== undefined) for (const socket of sockets.clients) socket.send(text);
      }
  })();
  sockets.on('connection', (socket: WebSocket) => socket.once('message', () => socket.send(ACK)));
  return {
    url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`,
    close: async () => {
      over.abort();
      await following;
      sockets.close();
    },
  };
};
