import type { Random } from './random.ts';
import { startNode, type SimulatedNode } from './node.ts';
import { EXACT, type Skew } from './process-clock.ts';
import type { World } from './world.ts';

/** How a node ends. */
export type Ending = 'stop' | 'lose';

/** The nodes of a run: one at a time, where a successor starts when the one before is gone, or several on one log. */
export interface Cluster {
  /** Those that take commands. */
  readonly nodes: readonly SimulatedNode[];
  /** One of them; `undefined` while there is none. */
  readonly front: SimulatedNode | undefined;
  pick(random: Random): SimulatedNode | undefined;
  /** How many were started. */
  readonly count: number;
  start(): void;
  /** Starts one more, unless there are as many as may be. */
  join(): void;
  /** Ends a node and starts another one a while later; does nothing when it is on its way out already. */
  restart(how: Ending, pause: number, node?: SimulatedNode): Promise<void>;
  /** From the next start on activities of this rollout are served. */
  rollOut(rollout: number): void;
  /** Ends all for good, gracefully. */
  stop(): Promise<void>;
}

/** Nodes on the stores of a world. */
export const createCluster = (world: World): Cluster => {
  const { sharing } = world.settings;
  const random = world.random.fork('cluster');
  const up: SimulatedNode[] = [];
  const processes = new Map<string, number>();
  const skews = new Map<string, Skew>();
  let expected = 0;
  let count = 0;
  let rollout = 0;

  const drawSkew = (): Skew => {
    if (sharing === undefined) return EXACT;
    return { offset: random.int(-sharing.ahead, sharing.ahead), rate: 1 + random.pick([-0.002, 0, 0.001]) };
  };

  const start = (name = `n${processes.size + 1}`): void => {
    count += 1;
    const process = (processes.get(name) ?? 0) + 1;
    processes.set(name, process);
    const skew = skews.get(name) ?? drawSkew();
    skews.set(name, skew);
    up.push(startNode(world, { name, process, rollout, skew }));
  };
  const pass = (ms: number) => new Promise<void>((resolve) => world.clients.after(ms, resolve));

  const takeOut = (node: SimulatedNode | undefined): node is SimulatedNode => {
    const index = node === undefined ? -1 : up.indexOf(node);
    if (index >= 0) up.splice(index, 1);
    return index >= 0;
  };

  /** Whoever stops leaves nothing armed behind, unless it waited for a service: it would keep its process from ending. */
  const stopWhole = async (node: SimulatedNode): Promise<void> => {
    const { weather } = world;
    const isCalm = weather.faults === 0 && weather.away.size === 0 && node.cutOff.size === 0;
    const { outages } = weather;
    await node.stop();
    if (isCalm && weather.outages === outages && node.isIdle && node.armed > 0)
      world.broken('no timer is left', { node: node.name, armed: node.armed });
  };

  return {
    nodes: up,
    get front() {
      return up[0];
    },
    pick: (from) => (up.length === 0 ? undefined : from.pick(up)),
    get count() {
      return count;
    },
    start,
    join: () => {
      if (up.length + expected < (sharing?.most ?? 1)) start();
    },
    rollOut: (next) => {
      rollout = Math.max(rollout, next);
    },
    restart: async (how, pause, node = up[0]) => {
      if (!takeOut(node)) return;
      expected += 1;
      // A node of the same name takes its leases back at once; of another one it has to wait for them.
      const name = sharing !== undefined && random.chance(0.5) ? node.name : undefined;
      if (how === 'lose') node.lose();
      else await stopWhole(node);
      await pass(pause);
      expected -= 1;
      start(name);
    },
    stop: async () => {
      await Promise.all(up.splice(0).map(stopWhole));
    },
  };
};
