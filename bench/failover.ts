import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from '../test/e2e/server-process.ts';
import { openEventStoreLog } from '../src/adapters/eventstoredb/open-event-store-log.ts';
import type { RecordedEvent } from '../src/domain/event.ts';
import { verifyChain } from '../src/domain/verify-chain.ts';
import { START, type EventLog } from '../src/ports/event-log.ts';
import { startCluster, untilShared, WORKFLOW } from './cluster.ts';
import { measureFailover, type Histories } from './failover-figures.ts';
import type { Scenario } from './scenario.ts';

const EXECUTIONS = 600;
const CALLERS = 20;
const LEASE = 2_000;
const NODES = ['one', 'two', 'three'];
const KILLED = 'one';

const START_ONE = `mutation ($key: String!) {
  startExecution(workflow: "${WORKFLOW}", idempotencyKey: $key) { executionId }
}`;

/** What the log told while it happened, by stream. */
const follow = (log: EventLog) => {
  const over = new AbortController();
  const seen: RecordedEvent[] = [];
  const ends = { count: 0 };
  const filter = { categories: ['execution' as const] };
  const following = (async () => {
    for await (const { events } of log.subscribe({ after: START, filter, signal: over.signal })) {
      seen.push(...events);
      ends.count += events.filter(({ type }) => type === 'execution.completed').length;
    }
  })();
  const stop = (): Promise<void> => {
    over.abort();
    return following;
  };
  return { seen, ends, stop };
};

/** Starts executions one after the other, each through the next node that lives; answers the ids that were accepted. */
const startAll = async (count: number, alive: () => readonly ServerProcess[]): Promise<readonly string[]> => {
  const ids: string[] = [];
  const left = Array.from({ length: count }, (_, n) => `execution-${n}`);
  let turn = 0;
  const caller = async (): Promise<void> => {
    for (let key = left.shift(); key !== undefined; key = left.shift()) {
      const nodes = alive();
      const node = nodes[(turn += 1) % nodes.length] as ServerProcess;
      try {
        const answer = await node.query<{ startExecution: { executionId: string } }>(START_ONE, { key });
        ids.push(answer.startExecution.executionId);
      } catch (error) {
        // Nobody knows what became of it: with the same key it is started once at most.
        if (!(error instanceof TypeError)) throw error;
        left.push(key);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return ids;
};

const historiesOf = async (log: EventLog, ids: readonly string[]): Promise<Histories> => {
  const histories = new Map<string, readonly RecordedEvent[]>();
  for (const id of ids) {
    const stream = `execution-${id}`;
    const events = await log.read(stream);
    const verdict = verifyChain(stream, events);
    if (!verdict.ok) throw new Error(`Expected ${stream} to be what was written, but: ${verdict.problem}`);
    histories.set(id, events);
  }
  return histories;
};

/**
 * Kills one of three nodes under load: how long its executions made no progress, and what was lost or done twice.
 * The servers that the nodes share are those of the tests.
 */
export const runFailover: Scenario = async ({ folder, executions: count = EXECUTIONS }) => {
  const cluster = await startCluster(folder, `${LEASE}ms`);
  try {
    const nodes: ServerProcess[] = [];
    for (const name of NODES) nodes.push(await cluster.add(name));
    const [killed, ...others] = nodes as [ServerProcess, ServerProcess];
    await untilShared(killed, NODES.length);
    const log = await openEventStoreLog({ url: cluster.log });
    const { seen, ends, stop } = follow(log);
    let alive: readonly ServerProcess[] = nodes;
    const starting = startAll(count, () => alive);
    while (ends.count < count / 3) await pause(5);
    alive = others;
    const killedAt = Date.now();
    await killed.kill('SIGKILL');
    const ids = await starting;
    while (ends.count < count) await pause(20);
    await stop();
    const calls = (await readFile(cluster.calls, 'utf8')).trim().split('\n');
    const histories = await historiesOf(log, ids);
    await log.close();
    const figures = measureFailover({ histories, seen, calls, killed: KILLED, killedAt });
    const { withoutProgress: gap } = figures;
    return {
      lines: [
        `${count} executions on ${NODES.length} nodes with leases of ${LEASE} ms; one was killed, and ${gap.executions} executions of its own went on elsewhere`,
        `without progress: p50 ${gap.p50} ms, p99 ${gap.p99} ms, at most ${gap.most} ms`,
        `events lost: ${figures.eventsLost}; effects doubled: ${figures.effectsDoubled}; attempts interrupted: ${figures.interrupted}`,
      ],
      figures: { executions: count, nodes: NODES.length, lease: LEASE, ...figures },
    };
  } finally {
    await cluster.stop();
  }
};
