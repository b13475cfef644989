import { isDeepStrictEqual } from 'node:util';
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

const compareNode = async (world: World, node: SimulatedNode, id: string): Promise<void> => {
  try {
    const loaded = node.whileUp(node.core.engine.executions.load(id));
    const live = await world.waits(`a look at ${id}`, loaded);
    if (live === undefined) return;
    const events = world.log.stream(streamOf('execution', id)).slice(0, live.head.revision + 1);
    const state = stateOf(events);
    const { hash } = events.at(-1)?.commit ?? {};
    if (isDeepStrictEqual(live.state, state) && live.head.hash === hash) return;
    world.broken('the live state is what the log says', { node: node.name, id, live: live.state, state });
  } catch (error) {
    // The log was away until the node stopped.
    if (!(error instanceof ConnectionLost)) world.trace(`look at ${id}: ${String(error)}`);
  }
};
