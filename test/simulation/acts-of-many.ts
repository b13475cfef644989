import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';
import type { SimulatedNode } from './node.ts';
import type { Service } from './weather.ts';
import type { World } from './world.ts';

/** What several nodes are troubled with. */
export interface ManyStage {
  readonly world: World;
  readonly cluster: Cluster;
  readonly random: Random;
}

const SPANS = [0.4, 1.1, 3];

const passIn = ({ clients }: World, ms: number): Promise<void> =>
  new Promise((resolve) => clients.after(ms, resolve));

const leaseOf = ({ settings }: World): number => settings.sharing?.lease ?? 0;

/** Freezes a node for some of a lease, or for longer than one. */
export const freeze = async ({ world, random }: ManyStage, node: SimulatedNode): Promise<void> => {
  node.freeze();
  await passIn(world, Math.round(random.pick(SPANS) * leaseOf(world)));
  node.thaw();
};

/** Cuts a node off from a service for some of a lease, or for longer than one. */
const cutOff = async ({ world, random }: ManyStage, node: SimulatedNode): Promise<void> => {
  const service = random.pick<Service>(['log', 'log', 'views']);
  world.trace(`${node.name} is cut off from ${service}`);
  node.cutOff.add(service);
  world.weather.outages += 1;
  await passIn(world, Math.round(random.pick(SPANS) * leaseOf(world)));
  node.cutOff.delete(service);
};

const setClock = async ({ world, random }: ManyStage, node: SimulatedNode): Promise<void> => {
  const { ahead = 0 } = world.settings.sharing ?? {};
  const ms = random.int(-ahead, ahead);
  world.trace(`the clock of ${node.name} is set to ${ms} off`);
  node.clock.set(ms);
};

const join = async ({ cluster }: ManyStage): Promise<void> => cluster.join();

/** Something that happens to one of several nodes. */
export const troubleOne = async (stage: ManyStage): Promise<void> => {
  const { cluster, random } = stage;
  const node = cluster.pick(random);
  const act = random.pick([freeze, freeze, cutOff, setClock, join, join]);
  if (node !== undefined) await act(stage, node);
};
