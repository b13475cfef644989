import type { IncomingMessage } from 'node:http';
import type { Context, ServerOptions } from 'graphql-ws';
import type { Clock, Timer } from '../../ports/clock.ts';
import { OVER } from '../access/until-over.ts';
import type { ErrorMapper } from '../errors/error-mapper.ts';
import type { Connection } from './socket-server.ts';

/** Who opens a socket, and until when that is so: ms since the Unix epoch, for ever when `undefined`. Rejects for nobody. */
export type Opens = (
  request: IncomingMessage,
  said: unknown,
) => Promise<{ readonly until: number | undefined }>;

type Said = Record<string, unknown>;

const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
/** The most bytes of a reason are 123. */
const LONGEST = 120;

const reasonOf = (message: string): string => Buffer.from(message).subarray(0, LONGEST).toString();

/** Closes sockets of nobody who is known (4401), and of whoever's token is over (4403): clients may come back with another. */
export const socketTenure = (
  opens: Opens,
  mapError: ErrorMapper,
  clock: Clock,
): Pick<ServerOptions<Said, Connection>, 'onConnect' | 'onClose'> => {
  const timers = new WeakMap<Connection, Timer>();
  return {
    onConnect: async ({ extra, connectionParams }: Context<Said, Connection>) => {
      try {
        const { until } = await opens(extra.request, connectionParams);
        if (until !== undefined)
          timers.set(
            extra,
            clock.schedule(until, () => extra.close(FORBIDDEN, reasonOf(OVER))),
          );
        return true;
      } catch (error) {
        extra.close(UNAUTHORIZED, reasonOf(mapError(error).message));
        return false;
      }
    },
    onClose: ({ extra }) => timers.get(extra)?.cancel(),
  };
};
