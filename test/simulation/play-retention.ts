import type { Accepted } from './accepted.ts';
import { operate } from './acts-of-operators.ts';
import { giveUp, keep, trapKeeping, truncateAll } from './acts-of-retention.ts';
import { createClient } from './client.ts';
import type { Cluster } from './cluster.ts';
import type { Driver } from './driver.ts';
import { audit, outage, rebuild, restart, start, type Act } from './scenario.ts';
import { settleAll } from './settle.ts';
import { createTraps } from './traps.ts';
import type { World } from './world.ts';

/** What happens to executions that have ended, and beside that. */
const ACTS: readonly Act[] = [keep, keep, keep, keep, keep, start, operate, audit, rebuild, restart, outage];

/**
 * Removes what has ended, gives it up and brings it back, where a run does that at all, while nodes are lost and views
 * folded anew; what goes on once more comes to its end, and in half of the runs all that was removed is given up in the end.
 */
export const playRetention = async (
  world: World,
  cluster: Cluster,
  driver: Driver,
  accepted: Accepted,
): Promise<void> => {
  const { settings, weather, found } = world;
  if (!settings.retains || found.length > 0) return;
  const random = world.random.fork('ended');
  const client = createClient(world, cluster, random.fork('client'));
  const stage = { world, cluster, client, random, accepted };
  const traps = createTraps(stage);
  trapKeeping(stage, traps);
  weather.faults = random.pick([0, 0, 0.02, 0.1]);
  const span = random.pick([500, 10_000]);
  const later = async (): Promise<void> => {
    await client.pass(random.int(0, span));
    await random.pick(ACTS)(stage);
  };
  for (let first = random.int(0, 2); first > 0; first -= 1) await giveUp(stage);
  await Promise.all(Array.from({ length: random.int(6, 20) }, later));
  await traps.over();
  await settleAll(world, cluster, driver);
  if (random.chance(0.5)) await truncateAll(stage);
};
