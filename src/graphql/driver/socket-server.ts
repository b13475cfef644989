import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, type Server as ProtocolServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { keepBeating } from './heartbeat.ts';
import type { GraphqlLimits } from './limits.ts';
import { protocolSocket } from './socket.ts';
import { noSeat, type Seats } from './seats.ts';
import { isSameOrigin, pathOf, refuse, type Refusal } from './upgrade.ts';

/** What the protocol knows of a connection. */
export interface Connection {
  readonly request: IncomingMessage;
  close(code: number, reason: string): void;
}

/** What `listenForSockets` needs. */
export interface SocketServerOptions {
  readonly http: HttpServer;
  /** The only path that sockets are accepted at. */
  readonly path: string;
  readonly protocol: ProtocolServer<Connection>;
  /** Whether what a peer says of whoever it forwards is believed. */
  readonly isProxy: (address: string | undefined) => boolean;
  /** Where connections are counted. */
  readonly seats: Seats;
  readonly limits: GraphqlLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The sockets of a server. */
export interface SocketServer {
  readonly connections: number;
  /** Says goodbye with 1001, terminates who has not closed a moment later, and resolves when nobody is left. */
  close(): Promise<void>;
}

const GOING_AWAY = 1001;

// Whatever a peer breaks on its way out, its socket closes after it.
const closed = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

/** Accepts sockets at a path and hands them to the protocol. */
export const listenForSockets = (options: SocketServerOptions): SocketServer => {
  const { http, path, protocol, isProxy, seats, limits, clock, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.message,
    autoPong: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  const endings = new Set<Promise<void>>();
  let closing = false;

  const failed = (error: unknown): void => logger.error({ err: error }, 'A socket failed');

  const serve = (socket: WebSocket, request: IncomingMessage): void => {
    socket.on('error', (error) => logger.debug({ err: error }, 'A peer broke its connection'));
    keepBeating(socket, clock, limits.heartbeat);
    const close: Connection['close'] = (code, reason) => socket.close(code, reason);
    const leave = protocol.opened(protocolSocket(socket, limits, { failed }), { request, close });
    socket.on('close', (code, reason) => {
      const ending = leave(code, String(reason)).catch(failed);
      endings.add(ending);
      void ending.finally(() => endings.delete(ending));
    });
  };

  const refusalOf = (request: IncomingMessage, duplex: Duplex): Refusal | undefined => {
    if (!isSameOrigin(request, isProxy(request.socket.remoteAddress))) return { status: 403 };
    if (closing) return { status: 503 };
    const refused = seats.take(request, duplex);
    return refused === undefined ? undefined : { status: refused.status, error: noSeat(refused) };
  };

  const upgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
    if (pathOf(request) !== path) {
      // Another listener may serve another path.
      if (http.listenerCount('upgrade') === 1) refuse(duplex, { status: 404 });
      return;
    }
    const refusal = refusalOf(request, duplex);
    if (refusal === undefined) sockets.handleUpgrade(request, duplex, head, serve);
    else refuse(duplex, refusal);
  };

  http.on('upgrade', upgrade);

  return {
    get connections() {
      return sockets.clients.size;
    },
    close: async () => {
      closing = true;
      const open = [...sockets.clients];
      const gone = Promise.all(open.map(closed));
      for (const socket of open)
        socket.close(GOING_AWAY, 'The server stops: come back, and go on behind the last event');
      const timer = clock.after(limits.farewell, () => {
        for (const socket of open) socket.terminate();
      });
      await gone;
      timer.cancel();
      await Promise.all(endings);
      http.off('upgrade', upgrade);
      sockets.close();
    },
  };
};
