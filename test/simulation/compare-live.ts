import { isDeepStrictEqual } from 'node:util';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { Cluster } from './cluster.ts';
import { stateOf } from './execution-of.ts';
import { ConnectionLost, type SimulatedNode } from './node.ts';
import type { World } from './world.ts';

/** Compares what every node has in memory of an execution with what the log says of it, up to the same revision. */
export const compareLive = async (
  world: World,
  { nodes }: Cluster,
  id: string | undefined,
): Promise<void> => {
  if (id !== undefined) await Promise.all(nodes.map((node) => compareNode(world, node, id)));
};

/** What is known of an execution whose stream was given up: how it ended, and that it was removed. */
const inBrief = ({ workflow, status, definition }: ExecutionState): ExecutionState => ({
  ...INITIAL,
  workflow,
  status,
  definition,
  removed: true,
});

const compareNode = async (world: World, node: SimulatedNode, id: string): Promise<void> => {
  const { log } = world;
  const stream = streamOf('execution', id);
  try {
    const loaded = node.whileUp(node.core.engine.executions.load(id));
    const live = await world.waits(`a look at ${id}`, loaded);
    if (live === undefined) return;
    const events = log.stream(stream).slice(0, live.head.revision + 1);
    const state = stateOf(events);
    const isGivenUp = log.readNow(stream, { limit: 1 })[0]?.revision !== 0;
    const known = isGivenUp ? [state, inBrief(state)] : [state];
    const isSame = known.some((one) => isDeepStrictEqual(live.state, one));
    if (isSame && live.head.hash === events.at(-1)?.commit.hash) return;
    world.broken('the live state is what the log says', { node: node.name, id, live: live.state, state });
  } catch (error) {
    // The log was away until the node stopped.
    if (!(error instanceof ConnectionLost)) world.trace(`look at ${id}: ${String(error)}`);
  }
};
