import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf } from '../../src/domain/stream.ts';
import { isView } from '../../src/projections/generations.ts';
import type { Accepted } from './accepted.ts';
import { checkAnswers } from './check-answers.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkBreakers } from './check-breakers.ts';
import { checkChildren } from './check-children.ts';
import { checkCompensation } from './check-compensation.ts';
import { checkEffects } from './check-effects.ts';
import { checkEmits } from './check-emits.ts';
import { checkGatherings } from './check-gatherings.ts';
import { checkLimiters } from './check-limiters.ts';
import { checkLog } from './check-log.ts';
import { checkMigrations } from './check-migrations.ts';
import { checkNotifications } from './check-notifications.ts';
import { checkRemote } from './check-remote.ts';
import { checkResources } from './check-resources.ts';
import { checkRetention } from './check-retention.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkTurns } from './check-turns.ts';
import { checkSingletons } from './check-singletons.ts';
import { checkViews } from './check-views.ts';
import type { Cluster } from './cluster.ts';
import type { Driver } from './driver.ts';
import { compareLive } from './compare-live.ts';
import { executionIds } from './execution-of.ts';
import { historiesIn } from './histories.ts';
import type { World } from './world.ts';

const PATIENCE = 600_000;

/** Waits until the views show the whole log, which they must. */
const catchUp = async ({ log, broken }: World, { front }: Cluster): Promise<void> => {
  if (front === undefined) return;
  const { projector } = front.core;
  const names = (await projector.status()).map(({ name }) => name);
  try {
    await projector.waitFor(log.events.at(-1)?.position ?? 0n, names, PATIENCE);
  } catch (error) {
    broken('views catch up with the log', { error: String(error), status: await projector.status() });
  }
};

/** Who stops says last that its leases are free, which no view shows. */
const isShown = ({ stream }: RecordedEvent): boolean => categoryOf(stream) !== 'partition';

const isBehind = ({ store, log }: World): boolean => {
  const last = log.events.findLast(isShown)?.position ?? 0n;
  return [...store.records.values()].filter(isView).some(({ position }) => position < last);
};

/** What started everything long ago no node looks after any more. */
const checkSettled = ({ broken }: World, { nodes }: Cluster): void => {
  for (const { name, core } of nodes) {
    const open = core.ownership?.emissions.list() ?? [];
    const events = open.map(({ eventId, left }) => ({ eventId, left: [...left] }));
    if (core.started && open.length > 0)
      broken('no event that has started everything is left', { name, events });
  }
};

/** Holds a run to everything that must be true of it once all has ended, and of its node's own end. */
export const checkAll = async (
  world: World,
  cluster: Cluster,
  driver: Driver,
  accepted: Accepted,
): Promise<void> => {
  const { clock, log, broken } = world;
  for (const id of executionIds(log)) await compareLive(world, cluster, id);
  await catchUp(world, cluster);
  checkSettled(world, cluster);
  await cluster.stop();
  await driver.quiet();
  // A checkpoint that came late, over newer ones, costs that much again at the next start.
  while (isBehind(world)) {
    cluster.start();
    await catchUp(world, cluster);
    await cluster.stop();
    await driver.quiet();
  }
  const waiting = world.waiting.filter((who) => who !== 'the run');
  if (waiting.length > 0) broken('no promise is left', { waiting });
  if (clock.armed().length > 0) broken('no timer is left', { armed: clock.armed() });
  const histories = historiesIn(log);
  checkLog(world, histories);
  checkCompensation(world, histories);
  checkApprovals(world, histories);
  checkNotifications(world, histories);
  checkEmits(world, histories);
  checkBreakers(world, histories);
  checkLimiters(world, histories);
  checkResources(world, histories);
  checkTurns(world);
  checkChildren(world, histories);
  checkEffects(world, histories);
  checkRemote(world, histories);
  checkSchedules(world);
  checkSingletons(world);
  checkGatherings(world);
  checkViews(world);
  checkMigrations(world, histories, accepted);
  checkAnswers(world, accepted);
  await checkRetention(world, accepted);
};
