import { SignalExecution } from '../../src/commands/commands.ts';
import { isFinal } from '../../src/domain/execution/lifecycle.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { CLIENT, createClient } from './client.ts';
import type { Cluster } from './cluster.ts';
import type { Driver } from './driver.ts';
import { executionIds, stateOf } from './execution-of.ts';
import type { World } from './world.ts';

/** Signals that are sent before somebody is said to wait for ever. */
const MOST_ROUNDS = 40;

/** The rollout that serves every activity. */
const ROLLOUT = 1;

/** The executions that have not ended, and what each of their steps waits for. */
const active = ({ log }: World) =>
  executionIds(log).flatMap((id) => {
    const state = stateOf(log.stream(streamOf('execution', id)));
    if (isFinal(state.status)) return [];
    const steps = Object.values(state.steps);
    const signal = steps.find(({ status, signal }) => status === 'waiting' && signal !== undefined)?.signal;
    const isQueued =
      steps.some(({ status }) => status === 'queued') || state.compensation?.status === 'queued';
    return [{ id, state, signal, isQueued }];
  });

/**
 * Ends what the scenario left: nothing goes wrong any more, every activity is served, and whoever waits for a
 * signal gets it. What still does not end never will.
 */
export const settleAll = async (world: World, cluster: Cluster, driver: Driver): Promise<void> => {
  const { weather } = world;
  const client = createClient(world, cluster, world.random.fork('settling'));
  weather.faults = 0;
  weather.away.clear();
  world.moments.clear();
  cluster.rollOut(ROLLOUT);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await driver.quiet();
    const left = active(world);
    if (left.length === 0) return;
    const waiting = left.flatMap(({ id, signal }) => (signal === undefined ? [] : [{ id, signal }]));
    const queued = left.filter(({ isQueued }) => isQueued);
    if (waiting.length + queued.length < left.length) break;
    await Promise.all(
      waiting.map(({ id, signal }) =>
        client.ask(`signal ${signal} to ${id}`, new SignalExecution(id, signal, 0, CLIENT), true),
      ),
    );
    // Only an activity that was not served may have to wait for another start.
    if (waiting.length === 0 && cluster.front?.rollout !== ROLLOUT) await cluster.restart('stop', 0);
    else if (waiting.length === 0) break;
  }
  for (const { id, state } of active(world)) {
    world.broken('every execution that was started ends', { id, state });
  }
};
