import { setTimeout as pause } from 'node:timers/promises';
import { isCutOff, type ServerProcess } from '../e2e/server-process.ts';

/** The workflows of the load, each started as often as the others. */
export const KINDS = ['steady', 'risky', 'waiting', 'undone', 'wide', 'whole'] as const;

/** A workflow of the load. */
export type Kind = (typeof KINDS)[number];

/** Executions that callers ask for until they are told that they have them. */
export interface Load {
  /** Ids by key, of those that were confirmed. */
  readonly confirmed: ReadonlyMap<string, string>;
  /** How many there are to be. */
  readonly size: number;
  /** Which workflow an execution is of; `undefined` for one that nobody asked for. */
  kindOf(id: string): Kind | undefined;
  /** How often callers had to ask again, because a store was away. */
  readonly repeats: number;
  /**
   * Asks for those that are not confirmed yet, or so many of them, again and again while a store is away.
   * Resolves with whether all of them are confirmed: not when the server dies.
   */
  ask(server: ServerProcess, most?: number): Promise<boolean>;
}

const START = `mutation ($workflow: String!, $key: String!) {
  startExecution(workflow: $workflow, idempotencyKey: $key) { executionId }
}`;

const EMIT = `mutation ($key: String!) {
  emitEvent(type: "chaos:risked", idempotencyKey: $key) { executions { executionId } }
}`;

/** Resolves when the server has taken up its work; rejects when it has died. */
export const untilStarted = async (server: ServerProcess): Promise<void> => {
  for (;;) {
    const { body } = await server.get('/readyz');
    const { parts } = JSON.parse(body) as { parts: { start: { ok: boolean } } };
    if (parts.start.ok) return;
    await pause(20);
  }
};

/** Resolves when nothing is active in a server that has taken up its work; rejects when it has died. */
export const untilIdle = async (server: ServerProcess): Promise<void> => {
  await untilStarted(server);
  for (let active = 1; active > 0; await pause(20)) {
    const { monitoring } = await server.query<{ monitoring: { activeWorkflows: number } }>(
      '{ monitoring { activeWorkflows } }',
    );
    active = monitoring.activeWorkflows;
  }
};

interface Asked {
  readonly key: string;
  readonly workflow: Kind;
}

const askFor = async (server: ServerProcess, { key, workflow }: Asked): Promise<string> => {
  if (workflow !== 'risky') {
    const { startExecution } = await server.query<{ startExecution: { executionId: string } }>(START, {
      workflow,
      key,
    });
    return startExecution.executionId;
  }
  const { emitEvent } = await server.query<{ emitEvent: { executions: { executionId: string }[] } }>(EMIT, {
    key,
  });
  const [started, ...more] = emitEvent.executions;
  if (started === undefined || more.length > 0)
    throw new Error(
      `Expected an event to start one execution, but it started ${emitEvent.executions.length}.`,
    );
  return started.executionId;
};

/** A load of so many executions of each workflow, asked for by callers side by side. */
export const createLoad = (ofEach: number, callers = 8): Load => {
  const all = Array.from({ length: ofEach }, (_, n) => n).flatMap((n) =>
    KINDS.map((workflow) => ({ key: `${workflow}-${n}`, workflow })),
  );
  const confirmed = new Map<string, string>();
  const kinds = new Map<string, Kind>();
  const started = new WeakSet<ServerProcess>();
  let repeats = 0;

  const insist = async (server: ServerProcess, asked: Asked): Promise<string> => {
    for (;;) {
      try {
        return await askFor(server, asked);
      } catch (error) {
        if (!isAway(error)) throw error;
        repeats += 1;
      }
    }
  };

  return {
    confirmed,
    size: all.length,
    get repeats() {
      return repeats;
    },
    kindOf: (id) => kinds.get(id),
    ask: async (server, most = all.length) => {
      const left = all.filter(({ key }) => !confirmed.has(key)).slice(0, most);
      const caller = async (): Promise<void> => {
        if (!started.has(server)) await untilStarted(server);
        started.add(server);
        for (let asked = left.shift(); asked !== undefined; asked = left.shift()) {
          const id = await insist(server, asked);
          confirmed.set(asked.key, id);
          kinds.set(id, asked.workflow);
        }
      };
      const settled = await Promise.allSettled(Array.from({ length: callers }, caller));
      const failed = settled.find((result) => result.status === 'rejected');
      // A server that is there has to answer; one that died says nothing.
      if (failed !== undefined && !isCutOff(failed.reason)) throw failed.reason;
      return failed === undefined;
    },
  };
};

/** The store does not answer, or not in time: the same call with the same key may be made again. */
const isAway = (error: unknown): boolean =>
  error instanceof Error && /^(UNAVAILABLE|LOG_UNAVAILABLE|READ_MODELS_UNAVAILABLE):/.test(error.message);
