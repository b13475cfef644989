import type { IncomingMessage } from 'node:http';
import type { Authenticator, Identity } from '../ports/authenticator.ts';

/** Who sends requests. */
export interface Identities {
  /** Who sends a request, or opened the socket that it opened. Rejects as the authenticator does. */
  of(request: IncomingMessage): Promise<Identity>;
  /** Who opens a socket, for all that comes by it: as its first message says, since browsers cannot send headers. */
  opens(request: IncomingMessage, said: unknown): Promise<Identity>;
}

const headerIn = (said: unknown): string | undefined => {
  const { authorization, Authorization = authorization } = (said ?? {}) as Readonly<Record<string, unknown>>;
  return typeof Authorization === 'string' ? Authorization : undefined;
};

/** Keeps who has opened sockets. */
export const createIdentities = (authenticator: Authenticator): Identities => {
  const sockets = new WeakMap<IncomingMessage, Identity>();
  return {
    of: (request) => {
      const known = sockets.get(request);
      return known === undefined
        ? authenticator.identify(request.headers.authorization)
        : Promise.resolve(known);
    },
    opens: async (request, said) => {
      const identity = await authenticator.identify(headerIn(said) ?? request.headers.authorization);
      sockets.set(request, identity);
      return identity;
    },
  };
};
