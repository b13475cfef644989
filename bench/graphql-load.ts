import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What clients are told to ask for in turn, over so many connections that stay open, for so many milliseconds. */
export interface Load {
  readonly url: string;
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly length: number;
}

/** What became of it, all in milliseconds. */
export interface Loaded {
  readonly elapsed: number;
  readonly latencies: readonly number[];
}

/** Clients in a process of their own. */
export interface LoadClients {
  /** Rejects when an answer is not what the first one to the same was. */
  ask(load: Load): Promise<Loaded>;
  stop(): void;
}

/** Starts the process. */
export const startLoadClients = (): LoadClients => {
  const child = fork(fileURLToPath(new URL('./graphql.child.ts', import.meta.url)), [], {
    serialization: 'advanced',
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected the clients to live, but they ended with ${code}.`);
  });
  // Who asks hears of it.
  ended.catch(() => undefined);
  return {
    ask: async (load) => {
      const answered = once(child, 'message');
      child.send(load);
      const [answer] = (await Promise.race([answered, ended])) as [Loaded | { readonly error: string }];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    stop: () => void child.kill(),
  };
};
