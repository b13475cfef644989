import type { RecordedEvent } from '../../domain/event.ts';
import { shareOf } from '../../domain/partition/share.ts';
import { bootAfter } from '../../domain/partition/boot-after.ts';
import { partitionOf } from '../../domain/partition/partition-of.ts';
import { entityOf } from '../../domain/stream.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import { whenAvailable } from '../../commands/append.ts';
import { followLog, type Following } from './follow-log.ts';
import { createHandOver } from './hand-over.ts';
import { createLeaseTable } from './lease-table.ts';
import { createNap } from './nap.ts';
import type { OwnLease } from './own-lease.ts';
import { createTenure } from './tenure.ts';
import type { Ownership, OwnershipOptions, PartitionWork } from './types.ts';

/** Milliseconds until the next try after something went wrong, or somebody else was first. */
const SOON = 200;

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
  const mine = new Map<number, OwnLease>();
  const waiting = new Map<OwnLease, PromiseWithResolvers<boolean>>();
  let viewsAreMine = false;
  let tellViews: (held: boolean) => void = () => undefined;
  let work: PartitionWork | undefined;
  /** Workflows that others registered versions of before there was anybody to tell. */
  const untold = new Set<string>();
  let leaving = false;
  let superseded = false;
  /** It cannot follow the log: it must not keep what it would not hear of. */
  let deaf = false;
  let failedDrains = 0;
  let drainAgain = -Infinity;
  let following: Following | undefined;
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

  /** Tells what is not this node's any more; at once, whoever brought the news. */
  const settleLosses = (): void => {
    for (const [partition, lease] of mine) {
      if (lease.isMine) continue;
      mine.delete(partition);
      drains.end(partition);
      const { holder } = lease.lease;
      if (holder !== undefined) logger.warn({ partition, to: holder.node }, 'A partition was taken over.');
      if (holder?.node === self.node && holder.boot > self.boot && !superseded) {
        superseded = true;
        logger.error({ node: self.node }, 'Another process runs as this node; this one takes nothing more.');
      }
      work?.lost(partition);
    }
    if (viewsAreMine && !table.views.isMine) {
      viewsAreMine = false;
      tellViews(false);
    }
    for (const [lease, waiter] of waiting) {
      if (lease.isMine && !lease.holds()) continue;
      waiting.delete(lease);
      waiter.resolve(lease.isMine);
    }
  };

  const settleGains = (): void => {
    if (!viewsAreMine && table.views.holds()) {
      viewsAreMine = true;
      tellViews(true);
    }
    const gained: number[] = [];
    let position = following?.position ?? 0n;
    for (const [partition, lease] of table.partitions.entries()) {
      if (mine.has(partition) || !lease.holds()) continue;
      mine.set(partition, lease);
      gained.push(partition);
      const granted = tenure.positionOf(lease);
      if (granted > position) position = granted;
    }
    if (gained.length === 0) return;
    logger.info({ node: self.node, partitions: gained }, 'Took partitions.');
    work?.gained(gained, position);
  };

  const observe = (event: RecordedEvent): void => {
    table.observe(event);
    if (event.facts['boot'] === self.boot) return;
    settleLosses();
    nap.wake();
  };

  const changed = (event: RecordedEvent): void => {
    const { commit, revision } = event;
    const last = commit.revision + commit.size - 1;
    // What an earlier process of this node wrote late is as new to this one as what others write.
    if (revision !== last || commit.metadata.boot === self.boot) return;
    const id = entityOf(event.stream);
    if (mine.has(partitionOf(id, count))) work?.changed(id, last);
  };

  const hasAny = (): boolean =>
    mine.size > 0 || [...table.partitions, table.views].some(({ isMine }) => isMine);

  /** One event says for all leases that they go on; also who has none is to be reckoned with. */
  const speak = async (): Promise<void> => {
    const isNeeded = hasAny() || (work !== undefined && !leaving && !superseded);
    if (isNeeded && tenure.dueIn() === 0) await tenure.speak(table.announce);
  };

  /** What may be over has to be asked for one by one: another may have taken it. */
  const renew = (): Promise<unknown> => {
    const unsure = [...table.partitions, table.views].filter((lease) => lease.isMine && !lease.holds());
    return Promise.all(unsure.map((lease) => tenure.ask(lease, 'renew')));
  };

  const handOver = async (): Promise<void> => {
    const done = [...mine].flatMap(([partition, lease]) => (drains.isDrained(partition) ? [lease] : []));
    const views = deaf && table.views.isMine ? [table.views] : [];
    await Promise.all([...done, ...views].map((lease) => tenure.ask(lease, 'release')));
  };

  const canTake = (lease: OwnLease): boolean => {
    const { holder } = lease.lease;
    return lease.isFree() && (holder === undefined || holder.node === self.node || tenure.calm);
  };

  /** Whether it would be taken from another node that seems to be gone. */
  const isTaken = (lease: OwnLease): boolean => {
    const { holder } = lease.lease;
    return !lease.isMine && canTake(lease) && holder !== undefined && holder.node !== self.node;
  };

  const claim = async (): Promise<void> => {
    // Whoever speaks after this was read finds by its own clock that its leases may be over, and asks for each.
    const wanted = [...(options.folds ? [table.views] : []), ...(work === undefined ? [] : table.partitions)];
    if (wanted.some(isTaken)) {
      await tenure.tries(table.listen);
      if (tenure.troubled) return;
    }
    if (options.folds && !table.views.isMine && canTake(table.views)) await tenure.ask(table.views, 'claim');
    if (work === undefined) return;
    const { claim: most } = shareOf(count, mine.size, table.others());
    if (most === 0) return;
    // Nodes that look at the same time do not all want the same ones.
    const first = partitionOf(self.boot, count);
    const inTurn = [...table.partitions.slice(first), ...table.partitions.slice(0, first)];
    const free = inTurn.filter((lease) => !lease.isMine && canTake(lease)).slice(0, most);
    await Promise.all(free.map((lease) => tenure.ask(lease, 'claim')));
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
    settleLosses();
    if (deaf) {
      giveUp();
      await takeLeave();
    }
    if (leaving || superseded) return;
    await claim();
    settleGains();
    makeRoom();
  };

  /** Milliseconds until something is to be done unless there is news. */
  const rest = (): number => {
    const all = [...table.partitions, table.views];
    const now = clock.now();
    const due = all.map((lease) => {
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
    for (const { lease, count: counted } of table.partitions) {
      if (lease.holder === undefined || lease.until <= now || counted === count) continue;
      throw new RangeError(
        `Expected ${counted} partitions, as "${lease.holder.node}" counts them, but SAGALOG_PARTITIONS is ${count}.`,
      );
    }
  };

  const join = async (): Promise<void> => {
    const after = await whenAvailable(
      clock,
      () => over.signal.aborted,
      async () => {
        const end = await log.end();
        await table.load();
        return end;
      },
    );
    checkCounts();
    // Whoever starts last takes over, whatever the clock was at the start of the one before.
    for (const { holder } of [...table.partitions, table.views].map(({ lease }) => lease))
      if (holder?.node === self.node) self.boot = bootAfter(self.boot, holder.boot);
    following = followLog(log, after, over.signal, {
      partition: observe,
      execution: changed,
      workflow: ({ stream, commit }) => {
        if (commit.metadata.boot === self.boot) return;
        if (work === undefined) untold.add(entityOf(stream));
        else work.registered(entityOf(stream));
      },
    });
    following.ended.catch((error: unknown) => {
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
      const waiter = waiting.get(lease) ?? Promise.withResolvers<boolean>();
      waiting.set(lease, waiter);
      nap.wake();
      return waiter.promise;
    },
    list: () => table.nodes(),
    views: {
      holds: () => table.views.holds(),
      holder: () => table.views.lease.holder?.node,
      onChange: (listener) => {
        tellViews = listener;
        if (viewsAreMine) listener(true);
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
        settleLosses();
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
      for (const { resolve } of waiting.values()) resolve(false);
      await following?.ended.catch(() => undefined);
    },
  };
};
