import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { EventLog } from '../../src/ports/event-log.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { followEnds } from '../e2e/follow-ends.ts';
import { startServerProcess, type ServerProcess } from '../e2e/server-process.ts';
import { checkHistories, type Counts } from './histories.ts';
import { createLoad, untilIdle, type Load } from './load.ts';
import type { CrashPoint, Situation } from './points.ts';
import { checkViews } from './views.ts';

const WORKFLOWS = fileURLToPath(new URL('workflows', import.meta.url));
const CRASHING = fileURLToPath(new URL('crash-server.ts', import.meta.url));

/** The load has more calls than a server makes that holds them, so some are under way however fast it is. */
const HOLDING = { CRASH_HOLD: 'yes' };

/** Where the server of a spec has its stores. */
export interface ChaosStores {
  /** Variables that name servers; none for the embedded stores. */
  readonly env?: Readonly<Record<string, string>>;
  /** Opens the log to be looked at once the server is gone. */
  readonly openLog: (data: string) => Promise<EventLog>;
  /** Executions of each workflow. */
  readonly ofEach?: number;
}

/** A server that kills itself and is started again on the same data, with a load that outlives it. */
export interface Chaos {
  readonly data: string;
  readonly load: Load;
  /** Starts the server; its ends are followed. With a crash point, or `none`, it is the program with crash points around its ports. */
  start(crashAt?: string): Promise<ServerProcess>;
  /** Resolves when as many executions have ended. */
  ended(count: number): Promise<void>;
  /** How many have. */
  readonly endedSoFar: number;
  /** Where the last of them ended. */
  readonly position: string;
  /** Starts the server, works it, and has it kill itself at a point, the n-th time that it is reached. */
  crash(point: CrashPoint, times?: number): Promise<void>;
  /** Starts it once more, lets everything end, and holds what is there to what must be; `besides` have ended as well. */
  finish(besides?: readonly string[]): Promise<Counts>;
}

/** Opens chaos on stores of its own. */
export const openChaos = ({ env: stores = {}, openLog, ofEach = 6 }: ChaosStores): Chaos => {
  const data = temporaryFolder();
  const env = {
    SAGALOG_DATA: data,
    SAGALOG_WORKFLOWS: WORKFLOWS,
    SAGALOG_ACTIVITIES: WORKFLOWS,
    CHAOS_CALLS: join(data, 'calls.txt'),
    ...stores,
  };
  const load = createLoad(ofEach);
  // Children end as their parents say, whom they are counted with.
  const ends = followEnds('part');

  const start = async (
    crashAt?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> => {
    const server = await (crashAt === undefined
      ? startServerProcess(env)
      : startServerProcess({ ...env, ...more, CRASH_AT: crashAt }, CRASHING));
    onTestFinished(() => void server.kill('SIGKILL'));
    ends.attach(server.url);
    return server;
  };

  /** Resolves when the server has killed itself, which it must before it has `done` everything. */
  const killed = async (server: ServerProcess, done: Promise<unknown>): Promise<void> => {
    const stop = (): Promise<unknown> => server.kill('SIGTERM');
    done.then(stop, stop);
    expect(await server.ended, 'its exit code: none when it has killed itself').toBeNull();
  };

  /** Resolves when everything has ended and is shown, however slowly views are folded; it rejects when one stands still. */
  const shown = async (server: ServerProcess): Promise<void> => {
    await ends.reach(load.size);
    const waitFor = ends.position;
    await server.query('query ($waitFor: Position) { executions(waitFor: $waitFor) { nodes { id } } }', {
      waitFor,
    });
  };

  const underLoad = async (crashAt: string): Promise<void> => {
    const server = await start(crashAt);
    await Promise.all([killed(server, shown(server)), load.ask(server)]);
  };

  const crashes: Readonly<Record<Situation, (crashAt: string) => Promise<void>>> = {
    load: underLoad,
    recovery: async (crashAt) => {
      const before = await start('none', HOLDING);
      await load.ask(before);
      await before.kill('SIGKILL');
      const server = await start(crashAt);
      await killed(server, untilIdle(server));
    },
    drain: async (crashAt) => {
      const server = await start(crashAt, HOLDING);
      await killed(server, load.ask(server));
    },
    claim: async (crashAt) => {
      await underLoad('after-append:50');
      // It may die before it listens.
      const server = await start(crashAt).catch(() => undefined);
      if (server !== undefined) await killed(server, untilIdle(server));
    },
    release: async (crashAt) => {
      const server = await start(crashAt);
      await load.ask(server);
      await killed(server, ends.reach(4));
    },
    rebuild: async (crashAt) => {
      const server = await start(crashAt);
      await load.ask(server);
      await ends.reach(load.size);
      await killed(server, server.query('mutation { rebuildProjection(name: "timeline") { events } }'));
    },
  };

  return {
    data,
    load,
    start,
    ended: ends.reach,
    get endedSoFar() {
      return ends.ids.length;
    },
    get position() {
      return ends.position;
    },
    crash: ({ name, at, situation }, times = at) => crashes[situation](`${name}:${times}`),
    finish: async (besides = []) => {
      const server = await start();
      expect(await load.ask(server)).toBe(true);
      await ends.reach(load.size + besides.length);
      expect(ends.ids.toSorted()).toEqual([...load.confirmed.values(), ...besides].toSorted());
      const views = await checkViews(server, ends.position);
      expect(await server.kill('SIGTERM')).toBe(0);
      const log = await openLog(data);
      const counts = await checkHistories(log, load, env.CHAOS_CALLS);
      await log.close();
      return { ...counts, views };
    },
  };
};

/** What a run came to, in a line. */
export const line = (name: string, { executions, events, calls, interrupted, views }: Counts): string =>
  `${name}: ${executions} executions ended once, ${events} events, ${calls} calls, ` +
  `${interrupted} attempts interrupted, ${views} views equal their rebuild.`;
