import { ServerCredentials, status } from '@grpc/grpc-js';
import { everybodyMay, usersMay } from './access.ts';
import type { Bell } from './bell.ts';
import { createCalls, type Calls } from './calls.ts';
import { listen, type Connections } from './connections.ts';
import type { ArmedFaults } from './faults.ts';
import { grpcError } from './grpc-errors.ts';
import type { Log } from './log.ts';
import { createGrpcServer } from './services.ts';
import type { Counters } from './stats.ts';

/** A certificate to serve TLS with. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What one run of the server needs; all but the port outlives it. */
export interface RunOptions {
  readonly log: Log;
  readonly bell: Bell;
  readonly counters: Counters;
  readonly faults: ArmedFaults;
  readonly port: number;
  readonly version: string;
  readonly maxAppendSize: number;
  readonly tls: Tls | undefined;
}

/** A server that takes calls. */
export interface RunningNode {
  readonly port: number;
  readonly calls: Calls;
  /** Cuts every connection, as a crash does. */
  kill(): Promise<void>;
  /** Answers the appends that arrived, ends subscriptions with an error, then lets the clients go. */
  shutDown(): Promise<void>;
}

/** Milliseconds that clients have to take their answers and leave when the server shuts down. */
const GRACE_PERIOD = 2_000;

const credentials = (tls: Tls | undefined): ServerCredentials =>
  tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }], false)
    : ServerCredentials.createInsecure();

/** Starts a run: a new epoch in the log, and a port that takes calls. */
export const runNode = async (options: RunOptions): Promise<RunningNode> => {
  const { bell, counters, tls } = options;
  const calls = createCalls(counters, bell);
  let connections: Connections | undefined;
  const server = createGrpcServer({
    ...options,
    calls,
    access: tls ? usersMay : everybodyMay,
    host: '127.0.0.1',
    port: () => connections?.port ?? 0,
    cut: (peer) => connections?.cut(peer),
  });
  const listening = await listen(server, credentials(tls), options.port, (open) => {
    counters.connections = open;
    bell.ring();
  });
  connections = listening;
  options.log.startEpoch();

  return {
    port: listening.port,
    calls,
    async kill() {
      const stopped = listening.stopListening();
      listening.cutAll();
      await stopped;
      await bell.until(
        () => counters.connections + counters.reads + counters.subscriptions + counters.batchStreams === 0,
      );
      server.forceShutdown();
    },
    async shutDown() {
      const stopped = listening.stopListening();
      calls.drain(grpcError(status.UNKNOWN, 'Server is shutting down'));
      // Cutting at once could take away from a client what it has not read yet.
      const grace = setTimeout(() => listening.cutAll(), GRACE_PERIOD);
      await new Promise<void>((resolve, reject) => {
        server.tryShutdown((error) => (error ? reject(error) : resolve()));
      });
      await stopped;
      clearTimeout(grace);
      await bell.until(() => counters.connections === 0);
    },
  };
};
