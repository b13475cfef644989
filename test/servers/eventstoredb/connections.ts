import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';

/** The open connections of a server, each of which can be cut as a crash would cut it. */
export interface Connections {
  readonly port: number;
  /** Cuts the connection of this peer (`address:port`), and with it all that goes over it. */
  cut(peer: string): void;
  cutAll(): void;
  /** Takes no connection any more; resolves when the port is free. Open connections stay. */
  stopListening(): Promise<void>;
}

const peerOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

/**
 * Listens on loopback and hands each connection to the gRPC server. The server could listen by itself,
 * but then it would say goodbye when it is stopped, which a crash does not do.
 */
export const listen = async (
  server: Server,
  credentials: ServerCredentials,
  port: number,
  onChange: (open: number) => void,
): Promise<Connections> => {
  const sockets = new Map<string, Socket>();
  const injector = server.createConnectionInjector(credentials);
  const listener = createServer({ noDelay: true }, (socket) => {
    const peer = peerOf(socket);
    sockets.set(peer, socket);
    onChange(sockets.size);
    // The peer went away: its calls hear of it as cancelled.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(peer);
      onChange(sockets.size);
    });
    injector.injectConnection(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    cut: (peer) => void sockets.get(peer)?.destroy(),
    cutAll() {
      for (const socket of sockets.values()) socket.destroy();
    },
    stopListening: () =>
      new Promise((resolve, reject) => {
        listener.close((error) => (error ? reject(error) : resolve()));
      }),
  };
};
