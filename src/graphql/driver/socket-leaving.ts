import type { Context, Server } from 'graphql-ws';
import type { Connection } from './socket-server.ts';

type Protocol = Server<Connection>;
type Opened = Context<Record<string, unknown>, Connection>;

/** A query that is answered, and what tells it that nobody waits for that any more. */
interface Asked {
  readonly id: string;
  readonly context: Opened;
  readonly leave: () => void;
}

/** Who waits for answers on sockets. */
export interface SocketLeaving {
  /** The same protocol; what is completed, or whose socket closes, is told so while it is answered. */
  watched(protocol: Protocol): Protocol;
  /** Answers an operation of a socket, which is told by `leave` that nobody waits for it any more. */
  during<T>(context: Opened, id: string, leave: () => void, answer: () => T | Promise<T>): Promise<T>;
}

/**
 * Knows who has left from what the protocol knows of its operations: it says of none that it was completed while it is
 * answered.
 */
export const socketLeaving = (): SocketLeaving => {
  const asked = new WeakMap<Connection, Set<Asked>>();

  const look = (connection: Connection): void => {
    for (const { id, context, leave } of asked.get(connection) ?? [])
      if (!Object.hasOwn(context.subscriptions, id)) leave();
  };

  return {
    watched: ({ opened }) => ({
      opened: (socket, connection) => {
        const closed = opened(
          {
            ...socket,
            onMessage: (take) =>
              socket.onMessage((data) => {
                const taken = take(data);
                look(connection);
                return taken;
              }),
          },
          connection,
        );
        return (code, reason) => {
          const left = closed(code, reason);
          look(connection);
          return left;
        };
      },
    }),
    during: async (context, id, leave, answer) => {
      const { extra: connection } = context;
      const others = asked.get(connection) ?? new Set();
      const one = { id, context, leave };
      asked.set(connection, others.add(one));
      try {
        return await answer();
      } finally {
        others.delete(one);
      }
    },
  };
};
