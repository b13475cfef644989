import type { WebSocket as ProtocolSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { GraphqlLimits } from './limits.ts';

/** What the protocol calls when a message has come. */
type OnMessage = (data: string) => Promise<void>;

/** The text of a message, which comes as one buffer unless the socket is told otherwise. */
const textOf = (data: RawData): string => (data as Buffer).toString();

/** There is nobody to send to any more. */
export class SocketClosed extends Error {
  constructor(cause?: unknown) {
    super('Expected an open socket to send to, but it is closed.', { cause });
    this.name = 'SocketClosed';
  }
}

/** How a connection is heard from. */
export interface SocketListener {
  /** A message could not be dealt with. */
  failed(error: unknown): void;
}

const GOING = { unsupported: 1003, internal: 1011 };

/**
 * A socket as the protocol wants it. A send resolves once the kernel has taken it, which is the back-pressure, and
 * rejects when the socket is not open. A peer that does not read is terminated before its buffer grows past the limit.
 */
export const protocolSocket = (
  socket: WebSocket,
  { buffered }: Pick<GraphqlLimits, 'buffered'>,
  listener: SocketListener,
): ProtocolSocket => {
  let handle: OnMessage | undefined;

  const overflows = (): boolean => {
    if (socket.bufferedAmount <= buffered) return false;
    socket.terminate();
    return true;
  };

  const receive = async (data: RawData, isBinary: boolean): Promise<void> => {
    if (isBinary) {
      socket.close(GOING.unsupported, 'Expected text, but found binary data');
      return;
    }
    try {
      await handle?.(textOf(data));
    } catch (error) {
      // The peer went away while it was answered: what was under way has been ended by the close.
      if (socket.readyState !== socket.OPEN) return;
      listener.failed(error);
      socket.close(GOING.internal, 'Internal error');
    }
  };

  socket.on('message', (data, isBinary) => void receive(data, isBinary));
  socket.on('ping', (data) => {
    if (socket.readyState === socket.OPEN && !overflows()) socket.pong(data);
  });

  return {
    protocol: socket.protocol,
    send: (data) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN || overflows()) {
          reject(new SocketClosed());
          return;
        }
        socket.send(data, (error) => (error == null ? resolve() : reject(new SocketClosed(error))));
      }),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (callback) => {
      handle = callback;
    },
  };
};
