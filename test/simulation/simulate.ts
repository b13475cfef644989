import { createCluster } from './cluster.ts';
import { createDriver } from './driver.ts';
import { checkAll } from './invariants.ts';
import { playRetention } from './play-retention.ts';
import { createRemoteWorkers } from './remote-workers.ts';
import { playScenario } from './scenario.ts';
import { settleAll } from './settle.ts';
import { createWorld, type Broken, type WorldOptions } from './world.ts';

/** What came of a run. */
export interface Report {
  readonly seed: number;
  readonly found: readonly Broken[];
  readonly hash: string;
  readonly last: readonly string[];
  /** Events in the log, by type. */
  readonly types: Readonly<Record<string, number>>;
  readonly calls: number;
  /** Servers that were started. */
  readonly nodes: number;
  /** Virtual ms that it took. */
  readonly time: number;
}

const countBy = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));

/** Runs a seed from its first command to the last invariant. The same seed does the same, to the byte. */
export const simulate = async (seed: number, options: WorldOptions = {}): Promise<Report> => {
  const world = createWorld(seed, options);
  const cluster = createCluster(world);
  const driver = createDriver(world);
  const workers = createRemoteWorkers(world, cluster);
  const began = world.clock.now();

  const play = async (): Promise<void> => {
    cluster.start();
    for (let more = world.settings.sharing?.most ?? 1; more > 1; more -= 1)
      if (world.random.fork(`node ${more}`).chance(0.8)) cluster.join();
    const accepted = await playScenario(world, cluster);
    await settleAll(world, cluster, driver);
    await playRetention(world, cluster, driver, accepted);
    await world.waits('the workers', workers.settled());
    if (world.found.length > 0) return;
    await checkAll(world, cluster, driver, accepted);
  };
  await driver.drive(world.waits('the run', play()));

  const { record, log, outside, found, clock } = world;
  return {
    seed,
    found,
    hash: record.hash(),
    last: record.last,
    types: countBy(log.events.map(({ type }) => type)),
    calls: outside.calls.length,
    nodes: cluster.count,
    time: clock.now() - began,
  };
};
