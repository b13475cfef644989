import { fenceOf } from '../../src/domain/execution/worker.ts';
import { Rejection } from '../../src/domain/rejection.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { LogUnavailable } from '../../src/ports/event-log.ts';
import type { Assignment, Claim, Workers } from '../../src/ports/workers.ts';
import type { Cluster } from './cluster.ts';
import { ConnectionLost, type SimulatedNode } from './node.ts';
import { createRemoteQueue } from './remote-queue.ts';
import { REMOTE } from './step-kinds.ts';
import type { World } from './world.ts';

/** Processes outside of the nodes that make attempts. */
export interface RemoteWorkers {
  /** Resolves once they make none, and none waits for them. */
  settled(): Promise<void>;
}

/**
 * What becomes of an attempt: the worker dies, is late, goes on whatever it is told, says the same twice, refuses, or does
 * as it should.
 */
type Fate = 'dies' | 'late' | 'stubborn' | 'twice' | 'refuses' | 'works';

const FATES: readonly Fate[] = [
  'dies',
  'late',
  'stubborn',
  'stubborn',
  'twice',
  'refuses',
  'works',
  'works',
  'works',
];

const NEVER = new AbortController().signal;
const MOST_REPORTS = 40;

const isUnknown = (error: unknown): boolean =>
  error instanceof ConnectionLost ||
  error instanceof LogUnavailable ||
  (error instanceof Rejection && (error.code === 'UNAVAILABLE' || error.code === 'NOT_OWNER'));

/** Workers of a cluster: they come when something waits for them, and go when nothing does. */
export const createRemoteWorkers = (world: World, cluster: Cluster): RemoteWorkers => {
  const { clients, log, outside, broken } = world;
  const random = world.random.fork('workers');
  const queue = createRemoteQueue();
  const given = new Set<string>();
  const made = new Set<Promise<void>>();
  let isLooking = false;

  const pass = (ms: number) => new Promise<void>((resolve) => clients.after(ms, resolve));

  const follow = (work: Promise<void>): void => {
    const mine = work.finally(() => made.delete(mine));
    made.add(mine);
  };

  /** Asks one node after the other until one answers for the attempt; nothing when none does. */
  const report = async (
    about: string,
    ask: (workers: Workers) => Promise<{ readonly status?: string; readonly stop?: boolean }>,
  ): Promise<boolean> => {
    for (let asked = 0; asked < MOST_REPORTS; asked += 1) {
      const node = cluster.pick(random);
      try {
        if (node === undefined) throw new ConnectionLost('There is no node.');
        const { status, stop } = await node.work(ask, NEVER);
        world.trace(`worker: ${about} is answered ${String(status ?? stop)}`);
        return stop !== true;
      } catch (error) {
        world.trace(`worker: ${about} fails: ${error instanceof Rejection ? error.code : String(error)}`);
        if (error instanceof Rejection && error.code === 'ATTEMPT_OVER') return false;
        if (!isUnknown(error)) broken('a report is taken or refused', { about, error: String(error) });
      }
      await pass(random.int(50, 1_500));
    }
    return false;
  };

  const note = (attempt: Assignment, node: SimulatedNode): string => {
    const { executionId: id, step, activity, token, idempotencyKey, attempt: number } = attempt;
    const fence = fenceOf(token);
    if (given.has(fence)) broken('no two workers have one token', attempt);
    given.add(fence);
    const compensation = idempotencyKey.endsWith(':compensation');
    const at = {
      attempt: number,
      compensation,
      activity,
      idempotencyKey,
      node: node.name,
      at: clients.now(),
    };
    outside.given({ id, step, ...at, effect: true });
    const isFenced = log.stream(streamOf('execution', id)).some(({ facts }) => facts['fence'] === fence);
    if (!isFenced) broken('an attempt is fenced before it is given', attempt);
    return fence;
  };

  /** Says for a long time how far it is, without having said so in time and though others may have taken over. */
  const insist = async (of: string, { token, heartbeat, step }: Assignment): Promise<void> => {
    await pass(heartbeat + random.int(1, 500));
    for (let beats = 1; beats <= 5; beats += 1) {
      const progress = { of, beats };
      await report(`a late heartbeat of ${step}`, (workers) => workers.heartbeat(token, progress));
      await pass(random.int(50, 3_000));
    }
  };

  const make = async (attempt: Assignment, node: SimulatedNode): Promise<void> => {
    const of = note(attempt, node);
    const { token, heartbeat } = attempt;
    const about = `${attempt.executionId} ${attempt.step} ${attempt.attempt}`;
    const fate = random.pick(FATES);
    world.trace(`worker: ${about} ${fate}`);
    if (fate === 'dies') return;
    if (fate === 'stubborn') await insist(of, attempt);
    else if (fate === 'late') await pass(heartbeat + random.pick([-1, 0, 1, 5_000, 15_000]));
    else
      for (let beats = random.pick([0, 0, 1, 3]); beats > 0; beats -= 1) {
        await pass(Math.floor(heartbeat / 2));
        const progress = random.chance(0.5) ? { of, beats } : undefined;
        if (!(await report(`a heartbeat of ${about}`, (workers) => workers.heartbeat(token, progress))))
          return;
      }
    const failure = { type: 'Refused', message: 'no', nonRetryable: random.chance(0.2) };
    if (fate === 'refuses') await report(about, (workers) => workers.fail(token, failure));
    else await report(about, (workers) => workers.complete(token, { n: 1, of }));
    if (fate === 'twice') await report(`${about} again`, (workers) => workers.complete(token, { n: 2, of }));
  };

  /** Asks every node; one that is frozen is not waited for. */
  const claim = async (node: SimulatedNode): Promise<void> => {
    const gone = new AbortController();
    const asked: Claim = {
      worker: `of ${node.name}`,
      activities: REMOTE.map((name) => ({ name })),
      max: random.int(1, 3),
      wait: random.pick([0, 200, 3_000]),
    };
    const patience = clients.after(random.chance(0.15) ? random.int(0, 200) : 6_000, () => gone.abort());
    try {
      const attempts = await node.work((workers, heard) => workers.claim(asked, heard), gone.signal);
      // Whoever went does not hear what it is given.
      if (!gone.signal.aborted) for (const attempt of attempts) follow(make(attempt, node));
    } catch (error) {
      if (!isUnknown(error)) broken('a claim is answered', { error: String(error) });
    } finally {
      patience.cancel();
    }
  };

  const look = async (): Promise<void> => {
    while (!queue.isEmpty) {
      await pass(random.int(0, 400));
      await Promise.all(cluster.nodes.map(claim));
    }
    isLooking = false;
  };

  log.onCommit((events) => {
    const isNew = events.map((event) => queue.note(event)).includes(true);
    if (!isNew || isLooking) return;
    isLooking = true;
    follow(look());
  });

  return {
    settled: async () => {
      while (made.size > 0) await Promise.all(made);
    },
  };
};
