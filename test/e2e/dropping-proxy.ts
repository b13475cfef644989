import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** A way to a server on which connections break. */
export interface DroppingProxy {
  readonly port: number;
  /** How many connections it has broken. */
  readonly drops: number;
  close(): Promise<void>;
}

/** What is drawn from 0 to 1, as a seed says. */
export const drawnFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Hands on bytes to what is the port then, and breaks so many connections on both sides, each after some bytes of what it brings, wherever that is. */
export const dropConnections = async (
  to: () => number,
  { drops: most, bytes, seed }: { readonly drops: number; readonly bytes: number; readonly seed: number },
): Promise<DroppingProxy> => {
  const draw = drawnFrom(seed);
  const open = new Set<Socket>();
  let drops = 0;

  const server = createServer((client) => {
    const upstream = connect(to(), '127.0.0.1');
    const both = [client, upstream];
    let left = Math.ceil(draw() * bytes);
    for (const socket of both) {
      open.add(socket);
      // What breaks is what this is for.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        for (const one of both) one.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left > 0 || drops >= most) {
        if (!client.write(chunk)) upstream.pause();
        return;
      }
      drops += 1;
      // A part of it gets there, which may end within a frame.
      client.write(chunk.subarray(0, chunk.length + left), () => client.resetAndDestroy());
      upstream.resetAndDestroy();
    });
    client.on('drain', () => upstream.resume());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get drops() {
      return drops;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
