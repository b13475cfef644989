import type { IncomingMessage } from 'node:http';
import type { Context, ServerOptions } from 'graphql-ws';
import type { Clock, Timer } from '../../ports/clock.ts';
import { OVER, REVOKED } from '../access/until-over.ts';
import type { ErrorMapper } from '../errors/error-mapper.ts';
import type { Connection } from './socket-server.ts';

/** Who opens a socket, and until when that is so: ms since the Unix epoch, for ever when `undefined`, unless it has ended. Rejects for nobody. */
export type Opens = (
  request: IncomingMessage,
  said: unknown,
) => Promise<{ readonly until: number | undefined; readonly ended?: AbortSignal }>;

/** What decides how long sockets stay. */
export interface TenureOptions {
  readonly opens: Opens | undefined;
  readonly mapError: ErrorMapper;
  readonly clock: Clock;
  /** Milliseconds that nothing may be under way on one. */
  readonly idle: number;
}

type Said = Record<string, unknown>;

const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
const IDLE = 4410;
/** The most bytes of a reason are 123. */
const LONGEST = 120;

const reasonOf = (message: string): string => Buffer.from(message).subarray(0, LONGEST).toString();

/** What lasts as long as a socket. */
interface Tenure {
  readonly release: () => void;
  idle: Timer;
}

/**
 * Closes sockets of nobody who is known (4401), of whoever's token or key is over (4403), and those that nothing is asked on
 * (4410): clients may come back.
 */
export const socketTenure = ({
  opens,
  mapError,
  clock,
  idle,
}: TenureOptions): Pick<ServerOptions<Said, Connection>, 'onConnect' | 'onClose' | 'onOperation'> => {
  const tenures = new WeakMap<Connection, Tenure>();
  const asked = new WeakSet<Connection>();
  const gone = new WeakSet<Connection>();

  const look = ({ extra, subscriptions }: Context<Said, Connection>): void => {
    const isBusy = asked.delete(extra) || Object.keys(subscriptions).length > 0;
    if (!isBusy) extra.close(IDLE, 'Nothing was asked for a while: come back when there is something');
  };

  return {
    onConnect: async (context) => {
      const { extra, connectionParams } = context;
      try {
        const { until, ended } = (await opens?.(extra.request, connectionParams)) ?? {};
        // It may have left while it was asked who it is.
        if (gone.has(extra)) return false;
        const end = (message: string) => (): void => extra.close(FORBIDDEN, reasonOf(message));
        const over = until === undefined ? undefined : clock.schedule(until, end(OVER));
        const revoked = end(REVOKED);
        ended?.addEventListener('abort', revoked);
        const release = (): void => {
          over?.cancel();
          ended?.removeEventListener('abort', revoked);
        };
        const again = (): Timer =>
          clock.after(idle, () => {
            look(context);
            const known = tenures.get(extra);
            if (known !== undefined) known.idle = again();
          });
        tenures.set(extra, { release, idle: again() });
        if (ended?.aborted === true) revoked();
        return true;
      } catch (error) {
        extra.close(UNAUTHORIZED, reasonOf(mapError(error).message));
        return false;
      }
    },
    onOperation: ({ extra }) => void asked.add(extra),
    onClose: ({ extra }) => {
      gone.add(extra);
      const known = tenures.get(extra);
      tenures.delete(extra);
      known?.release();
      known?.idle.cancel();
    },
  };
};
