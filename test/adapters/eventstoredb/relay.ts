import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A relay between a client and a server on this machine. */
export interface Relay {
  readonly port: number;
  /** From now on nothing more gets through; what the client sends piles up, or with `swallow` is lost. */
  stall(how?: 'pile-up' | 'swallow'): void;
  /** Lets new connections through; those that were stalled stay so. */
  heal(): void;
  /** Breaks every connection. */
  cut(): void;
}

/** Starts a relay to a port, on a port of its own or a Unix socket. */
export const startRelay = async (target: number, how: { readonly path?: string } = {}): Promise<Relay> => {
  const sockets = new Set<Socket>();
  let stalled: 'pile-up' | 'swallow' | undefined;
  const stop = (socket: Socket): void => {
    socket.unpipe().pause();
    if (stalled === 'swallow') socket.resume();
  };
  const relay = (near: Socket): void => {
    const far = connect(target, '127.0.0.1');
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // A broken connection is what some tests are about: its other half goes with it.
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    far.pipe(near);
    near.pipe(far);
    if (stalled) stop(near);
  };
  const server = createServer(relay);
  if (how.path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(how.path);
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: how.path === undefined ? (server.address() as AddressInfo).port : 0,
    stall: (how = 'pile-up') => {
      stalled = how;
      for (const socket of sockets) stop(socket);
    },
    heal: () => {
      stalled = undefined;
    },
    cut,
  };
};
