import { createBell } from './bell.ts';
import { createFaults, type Faults } from './faults.ts';
import { unavailable } from './grpc-errors.ts';
import { openLog } from './log.ts';
import { runNode, type RunningNode, type Tls } from './run-node.ts';
import { createCounters, type Stats } from './stats.ts';

/** How to start a server. */
export interface EventStoreOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** A file that keeps the events; without it they are kept in memory, over a restart too. */
  readonly data?: string;
  /** What the server says its version is (default 23.10.6). */
  readonly version?: string;
  /** Bytes of data in one append (default 1 MiB). */
  readonly maxAppendSize?: number;
  /** Serves TLS, and knows the users `admin` and `ops`, both with the password `changeit`. */
  readonly tls?: Tls;
}

/** A server that speaks EventStoreDB's protocol, for tests. */
export interface EventStoreServer {
  /** `esdb://127.0.0.1:PORT?tls=false`, or with TLS the same with the administrator's credentials. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly stats: Stats;
  /** Stops at once (connections cut) or gracefully. Data stays if it has a file or `restart` is used. */
  stop(how?: 'kill' | 'graceful'): Promise<void>;
  /** Same port, same data; kills what runs. */
  restart(): Promise<void>;
  /** Resolves when the condition, which looks at `stats` or `faults.fired`, holds. */
  until(holds: () => boolean): Promise<void>;
}

const DEFAULT_VERSION = '23.10.6';
const DEFAULT_MAX_APPEND_SIZE = 1024 * 1024;

/** Starts a server on loopback. */
export const startEventStore = async (options: EventStoreOptions = {}): Promise<EventStoreServer> => {
  const { data, version = DEFAULT_VERSION, maxAppendSize = DEFAULT_MAX_APPEND_SIZE, tls } = options;
  const bell = createBell();
  const counters = createCounters();
  let running: RunningNode | undefined;
  const { faults, armed } = createFaults(bell, () =>
    running?.calls.failAll(['subscriptions', 'batchStreams'], unavailable()),
  );
  let log = openLog(bell, data);

  const run = (port: number): Promise<RunningNode> =>
    runNode({ log, bell, counters, faults: armed, port, version, maxAppendSize, tls });
  const stop = async (how: 'kill' | 'graceful' = 'kill'): Promise<void> => {
    const stopping = running;
    running = undefined;
    if (!stopping) return;
    await (how === 'kill' ? stopping.kill() : stopping.shutDown());
    log.close();
  };

  running = await run(options.port ?? 0);
  const { port } = running;
  return {
    url: tls ? `esdb://admin:changeit@127.0.0.1:${port}` : `esdb://127.0.0.1:${port}?tls=false`,
    port,
    faults,
    stats: counters,
    stop,
    async restart() {
      await stop();
      if (data !== undefined) log = openLog(bell, data);
      running = await run(port);
    },
    until: (holds) => bell.until(holds),
  };
};
