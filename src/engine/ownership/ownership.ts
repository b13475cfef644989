import type { RecordedEvent } from '../../domain/event.ts';
import { bootAfter } from '../../domain/partition/boot-after.ts';
import { partitionOf } from '../../domain/partition/partition-of.ts';
import { shareOf } from '../../domain/partition/share.ts';
import type { EventType } from '../../domain/registry.ts';
import { entityOf } from '../../domain/stream.ts';
import { LogUnavailable, START } from '../../ports/event-log.ts';
import { whenAvailable } from '../../commands/append.ts';
import { createClaims } from './claims.ts';
import { createOpenEmissions } from '../emissions/open-emissions.ts';
import { followLog } from './follow-log.ts';
import { createHandOver } from './hand-over.ts';
import { createHoldings } from './holdings.ts';
import { createLeaseTable } from './lease-table.ts';
import { createNap } from './nap.ts';
import { createTenure } from './tenure.ts';
import type { Ownership, OwnershipOptions, PartitionWork } from './types.ts';

/** Milliseconds until the next try after something went wrong, or somebody else was first. */
const SOON = 200;
/** Events after which a notification is to be sent. */
const ASKED: ReadonlySet<string> = new Set<EventType>([
  'notification.requested',
  'notification.resend_requested',
]);

/** An event that waits to start an execution. */
const GATHERED: EventType = 'trigger.gathered';

/**
 * Joins the nodes that share a log, once it answers. It takes partitions when `serve` was called: its fair share, and those
 * of nodes whose leases are over.
 */
export const startOwnership = (options: OwnershipOptions): Ownership => {
  const { log, world, count, lasts, every, elapsed, logger } = options;
  const self = { ...options.self };
  const { clock } = world;
  const table = createLeaseTable({ ...options, self });
  const nap = createNap(clock);
  const tenure = createTenure({
    lasts,
    every,
    elapsed,
    onOutage: (error) => logger.warn({ reason: error.message }, 'Leases cannot be renewed; trying again.'),
  });
  const emissions = createOpenEmissions(START, true);
  let work: PartitionWork | undefined;
  /** Workflows that others registered versions of before there was anybody to tell. */
  const untold = new Set<string>();
  let leaving = false;
  /** It cannot follow the log: it must not keep what it would not hear of. */
  let deaf = false;
  let { folds } = options;
  let failedDrains = 0;
  let drainAgain = -Infinity;
  let following: Promise<void> | undefined;
  const over = new AbortController();
  const drains = createHandOver({
    settled: (kept) => {
      // Its work must not stand still most of the time, and another one may be quiet sooner.
      if (kept) {
        failedDrains += 1;
        drainAgain = elapsed() + lasts;
      }
      nap.wake();
    },
    failed: (partition, error) => logger.error({ err: error, partition }, 'A partition cannot be drained.'),
  });

  const holdings = createHoldings({ table, drains, work: () => work, self, logger });
  const mine = holdings.partitions;
  const claim = createClaims({ table, tenure, held: () => mine.size, self, count, folds: () => folds });

  const observe = (event: RecordedEvent): void => {
    table.observe(event);
    if (event.facts['boot'] === self.boot) return;
    holdings.settleLosses();
    nap.wake();
  };

  const changed = (event: RecordedEvent): void => {
    const { commit, revision, facts } = event;
    const last = commit.revision + commit.size - 1;
    const id = entityOf(event.stream);
    // What an earlier process of this node wrote late is as new to this one as what others write.
    if (commit.metadata.boot === self.boot) return;
    work?.happened(event);
    if (!mine.has(partitionOf(id, count))) return;
    if (facts['notifies'] !== undefined) work?.noticed(id, revision);
    if (revision === last) work?.changed(id, last);
  };

  const notified = ({ type, stream, commit }: RecordedEvent): void => {
    const id = entityOf(stream);
    if (commit.metadata.boot === self.boot || !ASKED.has(type)) return;
    if (mine.has(partitionOf(id, count))) work?.notified(id);
  };

  const hasAny = (): boolean => mine.size > 0 || table.leases.some(({ isMine }) => isMine);

  /** One event says for all leases that they go on; also who has none is to be reckoned with. */
  const speak = async (): Promise<void> => {
    const isNeeded = hasAny() || (work !== undefined && !leaving && !holdings.superseded);
    if (isNeeded && tenure.dueIn() === 0) await tenure.speak(table.announce);
  };

  /** What may be over has to be asked for one by one: another may have taken it. */
  const renew = (): Promise<unknown> => {
    const unsure = table.leases.filter((lease) => lease.isMine && !lease.holds());
    return Promise.all(unsure.map((lease) => tenure.ask(lease, 'renew')));
  };

  const handOver = async (): Promise<void> => {
    const done = [...mine].flatMap(([partition, lease]) => (drains.isDrained(partition) ? [lease] : []));
    const views = (deaf || !folds) && table.views.isMine ? [table.views] : [];
    await Promise.all([...done, ...views].map((lease) => tenure.ask(lease, 'release')));
  };

  const takeLeave = async (): Promise<void> => {
    if (!hasAny()) await tenure.tries(table.takeLeave);
  };

  /** Lets one go at a time, so that its work is taken up elsewhere before the next one stops. */
  const makeRoom = (): void => {
    if (drains.size > 0 || elapsed() < drainAgain) return;
    if (!shareOf(count, mine.size, table.others()).release) return;
    const partition = [...mine.keys()].at(-1 - (failedDrains % mine.size));
    if (partition === undefined || work === undefined) return;
    drains.begin(partition, work, false);
  };

  /** Gives everything up, though in order: calls may end as at a stop. */
  const giveUp = (): void => {
    for (const partition of mine.keys())
      if (work !== undefined && !drains.has(partition)) drains.begin(partition, work, true);
  };

  const turn = async (): Promise<void> => {
    tenure.begin();
    // First what others wait for; it must not wait for leases that cannot be renewed.
    await handOver();
    await speak();
    await renew();
    holdings.settleLosses();
    if (deaf) {
      giveUp();
      await takeLeave();
    }
    if (leaving || holdings.superseded) return;
    await claim(work !== undefined);
    holdings.settleGains();
    makeRoom();
  };

  /** Milliseconds until something is to be done unless there is news. */
  const rest = (): number => {
    const now = clock.now();
    const due = table.leases.map((lease) => {
      if (lease.isMine) return lease.holds() ? tenure.dueIn() : 0;
      return lease.lease.until > now ? lease.lease.until - now : every;
    });
    return Math.max(tenure.troubled ? SOON : 1, Math.min(every, ...due));
  };

  // One turn, or one hand-over, at a time: a lease has one wish at a time.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const next = last.then(step);
    last = next.catch(() => undefined);
    return next;
  };

  const checkCounts = (): void => {
    const now = clock.now();
    // How long ago it was said nobody has measured yet.
    for (const { lease, saidUntil, count: counted } of table.partitions) {
      if (lease.holder === undefined || saidUntil <= now || counted === count) continue;
      throw new RangeError(
        `Expected ${counted} partitions, as "${lease.holder.node}" counts them, but SAGALOG_PARTITIONS is ${count}.`,
      );
    }
  };

  const join = async (): Promise<void> => {
    const after = await whenAvailable(clock, over.signal, async () => {
      const end = await log.end();
      await table.load();
      return end;
    });
    checkCounts();
    // Whoever starts last takes over, whatever the clock was at the start of the one before.
    for (const { holder } of table.leases.map(({ lease }) => lease))
      if (holder?.node === self.node) self.boot = bootAfter(self.boot, holder.boot);
    following = followLog(log, after, over.signal, {
      partition: observe,
      execution: changed,
      notification: notified,
      any: emissions.see,
      schedule: ({ stream, commit }) => {
        const workflow = entityOf(stream);
        if (commit.metadata.boot !== self.boot && mine.has(partitionOf(workflow, count)))
          work?.scheduled(workflow);
      },
      gathering: ({ type, stream, facts, commit }) => {
        const id = entityOf(stream);
        if (type !== GATHERED || commit.metadata.boot === self.boot || !mine.has(partitionOf(id, count)))
          return;
        work?.gathered(id, Number(facts['dueAt']));
      },
      workflow: ({ stream, commit }) => {
        if (commit.metadata.boot === self.boot) return;
        if (work === undefined) untold.add(entityOf(stream));
        else work.registered(entityOf(stream));
      },
    });
    following.catch((error: unknown) => {
      leaving = true;
      deaf = true;
      logger.error({ err: error }, 'The log cannot be followed; this node gives up everything that it has.');
      nap.wake();
    });
  };

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      let pause = SOON;
      try {
        await inTurn(turn);
        pause = rest();
      } catch (error) {
        if (error instanceof LogUnavailable) logger.warn({ reason: error.message }, 'The log is away.');
        else logger.error({ err: error }, 'Partitions cannot be looked after; trying again.');
      }
      await nap.take(pause);
    }
  };

  const joined = join();
  // Whoever started it hears of what is wrong; there is nothing to run then.
  const running = joined.then(run, () => undefined);

  return {
    joined,
    count,
    emissions,
    get boot() {
      return self.boot;
    },
    owns: (id) => table.of(id).isMine,
    holds: (id) => table.of(id).holds(),
    takes: (id) => table.of(id).holds() && !drains.has(partitionOf(id, count)),
    whenHeld: async (id) => {
      const lease = table.of(id);
      if (lease.holds()) return true;
      if (!lease.isMine || over.signal.aborted) return false;
      nap.wake();
      return holdings.whenSure(lease);
    },
    list: () => table.nodes(),
    views: {
      holds: () => table.views.holds(),
      holder: () => table.views.lease.holder?.node,
      onChange: holdings.onViews,
      want: (wanted) => {
        if (folds === (options.folds && wanted)) return;
        folds = options.folds && wanted;
        nap.wake();
      },
    },
    serve: (served) => {
      work = served;
      for (const workflow of untold) served.registered(workflow);
      untold.clear();
      nap.wake();
    },
    leave: () => {
      leaving = true;
    },
    release: () =>
      inTurn(async () => {
        leaving = true;
        await Promise.all([...mine.values()].map((lease) => tenure.ask(lease, 'release')));
        holdings.settleLosses();
        await takeLeave();
      }),
    close: async () => {
      leaving = true;
      nap.wake();
      await inTurn(async () => {
        if (table.views.isMine && !tenure.troubled) await tenure.ask(table.views, 'release');
        if (!tenure.troubled) await takeLeave();
        over.abort();
      });
      nap.wake();
      await running;
      holdings.end();
      await following?.catch(() => undefined);
    },
  };
};
