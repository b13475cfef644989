import { startNode, type SimulatedNode } from './node.ts';
import type { World } from './world.ts';

/** The nodes of a run, one at a time: a successor starts when the one before is gone. */
export interface Cluster {
  /** The node that takes commands; `undefined` while there is none. */
  readonly front: SimulatedNode | undefined;
  start(): void;
  /** Ends the node and starts another one a while later; does nothing while another restart is under way. */
  restart(how: 'stop' | 'lose', pause: number): Promise<void>;
  /** From the next start on activities of this rollout are served. */
  rollOut(rollout: number): void;
  /** Ends the node for good, gracefully. */
  stop(): Promise<SimulatedNode | undefined>;
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
  const pass = (ms: number) =>
    new Promise<void>((resolve) => world.clients.schedule(world.clients.now() + ms, resolve));

  return {
    get front() {
      return front;
    },
    start,
    rollOut: (next) => {
      rollout = Math.max(rollout, next);
    },
    restart: async (how, pause) => {
      const node = front;
      if (node === undefined) return;
      front = undefined;
      if (how === 'stop') await node.stop();
      else node.lose();
      await pass(pause);
      start();
    },
    stop: async () => {
      const node = front;
      front = undefined;
      await node?.stop();
      return node;
    },
  };
};
