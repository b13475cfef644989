import { ChangeSchedule, OperateExecution, SignalExecution } from '../../src/commands/commands.ts';
import { DecideApproval } from '../../src/commands/decide-approval.ts';
import { isFinal } from '../../src/domain/execution/lifecycle.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf, entityOf, streamOf } from '../../src/domain/stream.ts';
import { ungathered } from './check-gatherings.ts';
import { scheduledIn, SETTLING } from './check-schedules.ts';
import { CLIENT, createClient, type Client } from './client.ts';
import type { Cluster } from './cluster.ts';
import type { Driver } from './driver.ts';
import { executionIds, stateOf } from './execution-of.ts';
import type { AnyCommand } from './node.ts';
import type { World } from './world.ts';

/** Signals and decisions that are sent before somebody is said to wait for ever. */
const MOST_ROUNDS = 100;

/** The rollout that serves every activity. */
const ROLLOUT = 1;

/** Ms without news after which nothing comes but what waits for a time. */
const QUIET = 15_000;
/** Ms without news after which nothing comes at all: no step waits for longer, when all clocks say the same. */
const SILENT = 200_000;

/** The executions that have not ended, and what each of their steps waits for: a signal, a decision. */
const active = ({ log }: World) =>
  executionIds(log).flatMap((id) => {
    const state = stateOf(log.stream(streamOf('execution', id)));
    if (isFinal(state.status)) return [];
    // What a run waited for when its time was over it waits for no more while it is undone.
    const steps = state.status === 'running' ? Object.values(state.steps) : [];
    const signal = steps.find(({ status, signal }) => status === 'waiting' && signal !== undefined)?.signal;
    const asked = Object.entries(state.steps).find(([, { assignees }]) => assignees !== undefined)?.[0];
    const isQueued =
      steps.some(({ status, asks }) => status === 'queued' && !asks) ||
      state.compensation?.status === 'queued';
    const children = steps.flatMap(({ child }) => (child === undefined ? [] : [child]));
    return [{ id, state, signal, asked, isQueued, children }];
  });

/** Notifications that are to be asked for, or were and have not ended. */
const unsent = ({ log }: World): readonly string[] => {
  const open = new Set<string>();
  for (const { type, stream, revision, facts } of log.events) {
    if (categoryOf(stream) === 'notification') {
      const { execution, revision: of, channel, recipient } = facts;
      open.delete(JSON.stringify([execution, of, channel, recipient]));
      if (/\.(sent|dead_lettered)$/.test(type)) open.delete(stream);
      else open.add(stream);
      continue;
    }
    for (const { channel, recipient } of (facts['notifies'] ?? []) as readonly Record<string, string>[])
      open.add(JSON.stringify([entityOf(stream), revision, channel, recipient]));
  }
  return [...open];
};

/** Tells when nothing more is to be expected, of nodes whose leases go on for ever. */
const watchNews = ({ log, clock, clients }: World) => {
  const isNews = ({ stream }: RecordedEvent): boolean => categoryOf(stream) !== 'partition';
  let seen = 0;
  let since = clock.now();
  const silence = (): number => {
    if (log.events.slice(seen).some(isNews)) since = clock.now();
    seen = log.events.length;
    return clock.now() - since;
  };
  return {
    silence,
    quiet: async (): Promise<void> => {
      do await new Promise<void>((resolve) => clients.after(QUIET / 2, resolve));
      while (silence() < QUIET);
    },
  };
};

/** Long enough for whatever is late to be dealt with, where clocks agree. */
const LATE = 150_000;

/** Ends what would go on for ever: what is due by now is started, and then nothing more. */
const pauseAll = async ({ log, settings }: World, client: Client): Promise<void> => {
  const workflows = scheduledIn(log);
  if (workflows.length === 0) return;
  await client.pass(LATE + 2 * (settings.sharing?.ahead ?? 0));
  for (const workflow of workflows) {
    const command = new ChangeSchedule(workflow, { type: 'pause', reason: SETTLING }, CLIENT);
    await client.ask(`pause ${workflow}`, command, true);
  }
};

/**
 * Ends what the scenario left: nothing goes wrong any more, every activity is served, and whoever waits for a
 * signal or a decision gets it. What still does not end never will.
 */
export const settleAll = async (world: World, cluster: Cluster, driver: Driver): Promise<void> => {
  const { weather, settings } = world;
  const isShared = settings.sharing !== undefined;
  const client = createClient(world, cluster, world.random.fork('settling'));
  const news = watchNews(world);
  weather.faults = 0;
  weather.away.clear();
  world.moments.clear();
  cluster.rollOut(ROLLOUT);
  await pauseAll(world, client);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await (isShared ? news.quiet() : driver.quiet());
    const left = active(world);
    const messages = [...unsent(world), ...ungathered(world)];
    if (left.length + messages.length === 0) return;
    const paused = left.filter(({ state }) => state.status === 'paused');
    if (paused.length > 0) {
      const resume = { type: 'resume', reason: 'the end' } as const;
      await Promise.all(
        paused.map(({ id }) => client.ask(`resume ${id}`, new OperateExecution(id, resume, CLIENT), true)),
      );
      continue;
    }
    const ids = new Set(left.map(({ id }) => id));
    const going = new Set(left.flatMap(({ state }) => (state.status === 'queued' ? [] : [state.workflow])));
    const above = left.filter(
      ({ state, signal, asked, isQueued, children }) =>
        (state.status === 'queued' && going.has(state.workflow)) ||
        (signal === undefined &&
          asked === undefined &&
          !isQueued &&
          children.some((child) => ids.has(child))),
    );
    const waiting = left.flatMap(({ id, signal, asked }): (readonly [string, AnyCommand])[] => {
      if (signal !== undefined)
        return [[`signal ${signal} to ${id}`, new SignalExecution(id, signal, 0, CLIENT)]];
      if (asked === undefined) return [];
      return [[`decide ${asked} of ${id}`, new DecideApproval(id, asked, 'approved', '', 'ann', CLIENT)]];
    });
    const others =
      messages.length +
      left.length -
      waiting.length -
      above.length -
      left.filter(({ isQueued }) => isQueued).length;
    const isLate = settings.sharing === undefined || news.silence() >= SILENT + 2 * settings.sharing.ahead;
    if (others > 0 && isLate) break;
    await Promise.all(waiting.map(([about, command]) => client.ask(about, command, true)));
    // Only an activity that was not served may have to wait for another start.
    const old = cluster.nodes.filter(({ rollout }) => rollout !== ROLLOUT);
    if (waiting.length > 0 || others > 0) continue;
    if (old.length === 0 && isLate) break;
    for (const node of old) await cluster.restart('stop', 0, node);
  }
  for (const { id, state } of active(world)) {
    world.broken('every execution that was started ends', { id, state });
  }
  const gathered = ungathered(world);
  if (gathered.length > 0) world.broken('what is gathered is started', { gathered });
  const messages = unsent(world);
  if (messages.length > 0) world.broken('every notification ends', { messages });
};
