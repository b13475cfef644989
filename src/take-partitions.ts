import { reach } from './catch-up.ts';
import { coalesced } from './coalesced.ts';
import { partitionOf } from './domain/partition/partition-of.ts';
import type { Scheduler } from './engine/schedules/scheduler.ts';
import type { Ownership } from './engine/ownership/types.ts';
import type { EventLog } from './ports/event-log.ts';
import { recoverGatherings, type GatheringWork } from './recover-gatherings.ts';
import { recoverNotifications, type NotificationWork } from './recover-notifications.ts';
import { persistently, type Persistence } from './persistently.ts';
import type { Projector } from './projections/projector.ts';
import { takeUp, type Work } from './start-work.ts';

/** Milliseconds that calls may take to end before their partition is not handed over after all. */
const GRACE = 5_000;

/** What partitions are worked on with. */
export interface PartitionWorld extends Omit<Work, 'isViewed'>, NotificationWork, GatheringWork {
  readonly ownership: Ownership;
  readonly scheduler: Pick<Scheduler, 'look' | 'lookAll'>;
  readonly log: EventLog;
  readonly projector: Projector;
  readonly patience: Persistence;
}

/** Takes this node's share of the partitions from now on, and works on what is active in them. Rejects as `joined` does. */
export const takePartitions = async (world: PartitionWorld): Promise<void> => {
  const { ownership, scheduler, gatherer, projector, patience, engine, deliveries } = world;
  const { definitions, log, logger } = world;
  const { count } = ownership;
  await ownership.joined;

  const inPartition =
    (...partitions: readonly number[]) =>
    (id: string): boolean =>
      partitions.includes(partitionOf(id, count));

  const report = (work: Promise<unknown>, message: string): void => {
    work.catch((error: unknown) => {
      if (!patience.ending.aborted) logger.error({ err: error }, message);
    });
  };

  const recover = async (partitions: readonly number[], position: bigint): Promise<void> => {
    report(
      recoverNotifications(world, position, inPartition(...partitions)),
      'The notifications of partitions cannot be taken up.',
    );
    report(
      recoverGatherings(world, position, inPartition(...partitions)),
      'What is gathered in partitions cannot be taken up.',
    );
    await persistently(patience, async () => {
      // Asked anew each time: a view may stop, or be outdated, between the two.
      const isViewed = await reach(projector, patience, position, ['executions']);
      await takeUp({ ...world, isViewed }, inPartition(...partitions));
    });
  };

  /** Also what this node wrote before the partitions were its own, which nobody tells it of. */
  const recoverAll = async (partitions: readonly number[]): Promise<void> =>
    recover(partitions, await persistently(patience, () => log.end()));

  // Many versions may be registered while the log is away: one look shows them all.
  const refresh = coalesced((workflow) => persistently(patience, () => definitions.refresh(workflow)));

  ownership.serve({
    gained: (partitions) => {
      scheduler.lookAll(inPartition(...partitions));
      report(recoverAll(partitions), 'What is active in partitions cannot be taken up.');
    },
    lost: (partition) => {
      engine.forsake(inPartition(partition));
      deliveries.forsake(inPartition(partition));
      gatherer.forsake(inPartition(partition));
    },
    drained: async (partition) => {
      const ids = inPartition(partition);
      const all = await Promise.all([engine.drained(ids, GRACE), deliveries.drained(ids, GRACE)]);
      return all.every((inTime) => inTime);
    },
    kept: (partition) => {
      scheduler.lookAll(inPartition(partition));
      report(recoverAll([partition]), 'A partition that was kept cannot be taken up.');
    },
    scheduled: scheduler.look,
    gathered: gatherer.arm,
    changed: engine.follow,
    noticed: (id, revision) =>
      report(deliveries.noticeLeft(id, revision), 'What an execution tells of cannot be asked for.'),
    notified: (id) => deliveries.arm(id, 0),
    happened: engine.hear,
    registered: (workflow) => report(refresh(workflow), 'A version of a workflow cannot be read.'),
  });
};
