import { startNode, type SimulatedNode } from './node.ts';
import type { World } from './world.ts';

/** The nodes of a run, one at a time: a successor starts when the one before is gone. */
export interface Cluster {
  /** The node that takes commands; `undefined` while there is none. */
  readonly front: SimulatedNode | undefined;
  /** How many were started. */
  readonly count: number;
  start(): void;
  /** Ends the node and starts another one a while later; does nothing while another restart is under way. */
  restart(how: 'stop' | 'lose', pause: number): Promise<void>;
  /** From the next start on activities of this rollout are served. */
  rollOut(rollout: number): void;
  /** Ends the node for good, gracefully. */
  stop(): Promise<void>;
}

/** Nodes on the stores of a world. */
export const createCluster = (world: World): Cluster => {
  let front: SimulatedNode | undefined;
  let count = 0;
  let rollout = 0;

  const start = (): void => {
    count += 1;
    front = startNode(world, { name: `n${count}`, rollout });
  };
  const pass = (ms: number) => new Promise<void>((resolve) => world.clients.after(ms, resolve));

  /** Whoever stops leaves nothing armed behind, unless it waited for a service: it would keep its process from ending. */
  const stopWhole = async (node: SimulatedNode): Promise<void> => {
    const { weather } = world;
    const isCalm = weather.faults === 0 && weather.away.size === 0;
    const { outages } = weather;
    await node.stop();
    if (isCalm && weather.outages === outages && node.isIdle && node.armed > 0)
      world.broken('no timer is left', { node: node.name, armed: node.armed });
  };

  return {
    get front() {
      return front;
    },
    get count() {
      return count;
    },
    start,
    rollOut: (next) => {
      rollout = Math.max(rollout, next);
    },
    restart: async (how, pause) => {
      const node = front;
      if (node === undefined) return;
      front = undefined;
      if (how === 'lose') node.lose();
      else await stopWhole(node);
      await pass(pause);
      start();
    },
    stop: async () => {
      const node = front;
      front = undefined;
      if (node !== undefined) await stopWhole(node);
    },
  };
};
