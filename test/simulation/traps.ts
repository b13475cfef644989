import { freeze } from './acts-of-many.ts';
import type { Cluster } from './cluster.ts';
import type { Moment } from './moments.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Whom traps are set for. */
export interface TrapStage {
  readonly world: World;
  readonly cluster: Cluster;
  readonly random: Random;
}

/** What a trap does to the node that came to its moment, or to one of them. */
const trap = async ({ world, cluster, random }: TrapStage, name: string | undefined): Promise<void> => {
  const pause = random.int(0, 3_000);
  const node = cluster.nodes.find((one) => one.name === name) ?? cluster.pick(random);
  if (node === undefined) return;
  if (world.settings.sharing !== undefined && random.chance(0.5))
    await freeze({ world, cluster, random }, node);
  else await cluster.restart('lose', pause, node);
};

/** Traps that were set. */
export interface Traps {
  /** The `n`th moment of its kind from now on is the end of a node, or nothing of that goes on for a while. */
  set(moment: Moment, n: number, random: Random): void;
  /** Resolves when nodes are back that came into one. */
  over(): Promise<void>;
}

/** No traps yet. */
export const createTraps = (stage: TrapStage): Traps => {
  const sprung: Promise<void>[] = [];
  return {
    set: (moment, n, random) =>
      stage.world.moments.at(moment, n, (name) => {
        sprung.push(trap({ ...stage, random }, name));
      }),
    over: async () => {
      await Promise.all(sprung);
    },
  };
};
