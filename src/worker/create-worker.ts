import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '../domain/json.ts';
import type { Activity, ActivityLogger } from '../ports/activities.ts';
import { makeAttempt, type GivenAttempt } from './attempt.ts';
import { createNodes, Refused } from './nodes.ts';
import { createSlots } from './slots.ts';

/** What a worker is made of. */
export interface WorkerOptions {
  /** Where the server is; each node of several, for each gives out the attempts of its own executions. */
  readonly url: string | readonly string[];
  readonly activities: readonly Activity[];
  /** What the server knows it by: a token or a key; none for one that asks nobody. */
  readonly token?: string | undefined;
  /** The most attempts at once (default 10). */
  readonly concurrency?: number;
  /** What it calls itself (default host and process). */
  readonly name?: string;
  /** Where activities write, and what goes wrong; nowhere unless given. */
  readonly logger?: ActivityLogger;
}

/** A process that makes attempts for a server. */
export interface RemoteWorker {
  /** How many attempts are being made. */
  readonly running: number;
  /**
   * Takes no further attempts, and waits up to `grace` ms (default 30,000) for those that it makes; then their signals are
   * aborted, and what they come to by that is reported as long again.
   */
  stop(grace?: number): Promise<void>;
}

const WAIT = 20_000;
const SHORT_WAIT = 2_000;
const PAUSE = 1_000;

const SILENT: ActivityLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const declared = ({ name, input, output }: Activity): JsonObject => ({
  name,
  ...(input === undefined ? {} : { input }),
  ...(output === undefined ? {} : { output }),
});

/** Serves activities to a server from this process, until it is stopped. It waits for a server that is away. */
export const createWorker = (options: WorkerOptions): RemoteWorker => {
  const { concurrency = 10, name = `${hostname()}-${process.pid}`, logger = SILENT } = options;
  const urls = typeof options.url === 'string' ? [options.url] : options.url;
  const byName = new Map(options.activities.map((activity) => [activity.name, activity]));
  const slots = createSlots(concurrency);
  const nodes = createNodes(urls, options.token);
  const closing = new AbortController();
  const stopping = new AbortController();
  const over = new AbortController();
  const running = new Set<Promise<void>>();
  const claim = { worker: name, activities: options.activities.map(declared) };

  const begin = (given: GivenAttempt, url: string): void => {
    const activity = byName.get(given.activity);
    if (activity === undefined) return;
    const parts = { nodes, logger, stopping: stopping.signal, over: over.signal };
    const made = makeAttempt(activity, given, url, parts)
      .catch((error: unknown) => {
        if (!over.signal.aborted) complain('What an attempt came to is not wanted.', error);
      })
      .finally(() => {
        running.delete(made);
        slots.give(1);
      });
    running.add(made);
  };

  const complain = (message: string, error: unknown): void =>
    logger.warn(message, { error: error instanceof Error ? error.message : String(error) });

  const ask = async (url: string, max: number): Promise<readonly GivenAttempt[] | undefined> => {
    // Who has room for fewer attempts than there are nodes must not leave one unasked for long.
    const wait = urls.length > concurrency ? SHORT_WAIT : WAIT;
    try {
      const answer = await nodes.ask(url, 'claim', { ...claim, max, wait }, closing.signal);
      return answer['attempts'] as unknown as readonly GivenAttempt[];
    } catch (error) {
      if (closing.signal.aborted) return [];
      complain(error instanceof Refused ? 'A claim was refused.' : 'A node cannot be asked.', error);
      return undefined;
    }
  };

  const serve = async (url: string): Promise<void> => {
    const share = Math.max(1, Math.floor(concurrency / urls.length));
    for (;;) {
      const taken = await slots.take(share, closing.signal);
      if (taken === 0) return;
      const given = await ask(url, taken);
      slots.give(taken - (given?.length ?? 0));
      for (const attempt of given ?? []) begin(attempt, url);
      if (given === undefined)
        await pause(PAUSE, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const serving = Promise.all(urls.map(serve));

  const quiet = async (grace: number): Promise<void> => {
    const late = new AbortController();
    const timer = pause(grace, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([timer, Promise.all(running)]);
    late.abort();
  };

  return {
    get running() {
      return running.size;
    },
    stop: async (grace = 30_000) => {
      closing.abort();
      await serving;
      await quiet(grace);
      stopping.abort(new DOMException('The worker stops.', 'AbortError'));
      await quiet(grace);
      over.abort();
      await Promise.all(running);
    },
  };
};
