import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What peers can be told to do. */
export type PeerCommand =
  /** Connect so many that stay, each with one of the queries, whose variable `own` is unlike that of any other. */
  | { readonly do: 'open'; readonly url: string; readonly count: number; readonly queries: readonly string[] }
  /** Connect, subscribe and go, so many times. */
  | {
      readonly do: 'cycle';
      readonly url: string;
      readonly count: number;
      readonly queries: readonly string[];
    }
  | { readonly do: 'close' }
  | { readonly do: 'count' }
  | { readonly do: 'take' };

/** Which executions were told of, and when: ms since the Unix epoch; and one message as it came. */
export interface Received {
  readonly ids: readonly string[];
  readonly times: readonly number[];
  readonly sample: string;
}

/** Clients in a process of their own. */
export interface Peers {
  /** How many there are now. */
  open(url: string, count: number, queries: readonly string[]): Promise<number>;
  cycle(url: string, count: number, queries: readonly string[]): Promise<number>;
  close(): Promise<number>;
  /** How many messages came that nobody took. */
  count(): Promise<number>;
  take(): Promise<Received>;
  stop(): void;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** Starts the process. */
export const startPeers = (): Peers => {
  const child = fork(fileURLToPath(new URL('./subscriber.child.ts', import.meta.url)), [], {
    serialization: 'advanced',
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  child.on('message', ({ id, answer, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values())
      reject(new Error(`Expected the clients to live, but they ended with ${code}.`));
  });
  const tell = <T>(command: PeerCommand): Promise<T> => {
    const answered = Promise.withResolvers<unknown>();
    last += 1;
    waiting.set(last, answered);
    child.send({ id: last, command });
    return answered.promise as Promise<T>;
  };
  return {
    open: (url, count, queries) => tell({ do: 'open', url, count, queries }),
    cycle: (url, count, queries) => tell({ do: 'cycle', url, count, queries }),
    close: () => tell({ do: 'close' }),
    count: () => tell({ do: 'count' }),
    take: () => tell({ do: 'take' }),
    stop: () => void child.kill(),
  };
};
