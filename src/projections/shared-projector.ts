import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { fencedReadModels } from './fenced-read-models.ts';
import { followViews, type Followed } from './followed-views.ts';
import { createListeners } from './listeners.ts';
import { createPatience, stopped } from './patience.ts';
import { projectionNotFound } from './projection-not-found.ts';
import type { Projector } from './projector.ts';
import { writeFaults } from './shared-faults.ts';
import { viewsBehind } from './views-behind.ts';
import { createWaiters } from './waiters.ts';

/** The right to fold the views that several nodes share. */
export interface ViewsLease {
  /** Whether they may be written to now. */
  holds(): boolean;
  /** Name of the node that folds them; `undefined` while there is none. */
  holder(): string | undefined;
  /** Calls back when the lease comes (true) or goes. */
  onChange(listener: (held: boolean) => void): void;
  /** Whether this node folds them when it may; it does until it says otherwise. What it has by then it hands over. */
  want(wanted: boolean): void;
}

/** What `shareProjector` needs. */
export interface SharedProjectorOptions {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly clock: Clock;
  readonly lease: ViewsLease;
  /** All projections, of the versions that this node folds. */
  readonly projections: readonly Followed[];
  /** Starts to fold into read models that are written while the lease holds. */
  readonly fold: (readModels: ReadModels) => Projector;
}

/** Milliseconds between two looks at what another node has folded: while somebody waits for it, and otherwise. */
const SOON = 25;
const NOW_AND_THEN = 250;

/**
 * A projector among several on the same read models: it folds while it has the lease, and follows the one that
 * folds otherwise; also while documents are of a newer version than its own, which it leaves to newer nodes. Whichever it does, `waitFor`, `status` and progress are of the shared documents.
 */
export const shareProjector = (options: SharedProjectorOptions): Projector => {
  const { log, readModels, clock, lease, projections } = options;
  const names = projections.map(({ name }) => name);
  const end = new AbortController();
  const patience = createPatience(clock, end.signal);
  const views = followViews(log, readModels, clock, projections);
  const listeners = createListeners();
  const waiters = createWaiters(clock);
  const fenced = fencedReadModels(readModels, lease.holds);
  const stoppedOnes = new Set<string>();
  let held = false;
  /** Whether another may have folded since this node began. */
  let wasLost = false;
  let folding: Projector | undefined;
  /** Whether the others are to be told which projections are stopped. */
  let untold = false;
  let waiting = 0;
  let wake: () => void = () => undefined;

  const tell: Parameters<Projector['onProgress']>[0] = (progress) => {
    views.take(progress);
    waiters.look();
    listeners.tell(progress);
  };

  const tellOwn: typeof tell = (progress) => {
    for (const { name, state } of progress) {
      if (stoppedOnes.has(name) === (state === 'stopped')) continue;
      if (state === 'stopped') stoppedOnes.add(name);
      else stoppedOnes.delete(name);
      untold = true;
      wake();
    }
    tell(progress);
  };

  const begin = (): void => {
    // Whoever folded before may have been stopped where this node is not.
    untold = true;
    stoppedOnes.clear();
    wasLost = false;
    folding = options.fold(fenced);
    folding.onProgress(tellOwn);
  };

  const look = async (): Promise<void> => {
    const news = await views.look();
    if (news.length > 0) {
      waiters.look();
      listeners.tell(news);
    }
    lease.want(!views.isOutdated());
    if (held && views.isFit() && !end.signal.aborted) begin();
  };

  const shareFaults = async (projector: Projector): Promise<void> => {
    untold = false;
    try {
      untold = !(await writeFaults(fenced, await projector.status()));
    } catch {
      // It is tried again, and what is wrong with the store shows where documents are written.
      untold = true;
    }
  };

  const turn = async (): Promise<void> => {
    if (folding !== undefined && wasLost) {
      const before = folding;
      folding = undefined;
      await before.stop();
    }
    if (folding === undefined) await look();
    else if (untold) await shareFaults(folding);
  };

  const follow = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await turn().catch(views.fail);
      await Promise.race([woken, patience.wait(waiting > 0 ? SOON : NOW_AND_THEN)]);
    }
  };

  const requireName = (name: string): void => {
    if (!names.includes(name)) throw projectionNotFound(name, names);
  };

  const isThere = (name: string, position: bigint): boolean => {
    if (end.signal.aborted) throw stopped();
    if (views.positionOf(name) >= position) return true;
    const fault = views.faultOf(name);
    if (fault === undefined) return false;
    throw new Rejection(
      'UNAVAILABLE',
      `Expected the projection "${name}" to follow the log, but it is stopped: ${fault.message}`,
      { projection: name },
    );
  };

  /** The projector of this node, for what only the one can do that folds. */
  const onFolding = (wanted: readonly string[]): Projector => {
    for (const name of wanted) requireName(name);
    if (folding !== undefined) return folding;
    const holder = lease.holder();
    throw new Rejection(
      'UNAVAILABLE',
      `Expected this node to fold the views, but ${holder === undefined ? 'none does yet' : `"${holder}" does`}.`,
      { expected: holder === undefined ? 'call again' : `call ${holder}` },
    );
  };

  lease.onChange((now) => {
    held = now;
    wasLost ||= !now;
    wake();
  });
  const following = follow();

  return {
    status: () => (folding ?? views).status(),
    async waitFor(position, wanted, timeout) {
      for (const name of wanted) requireName(name);
      waiting += 1;
      if (waiting === 1) wake();
      try {
        const standing = () => wanted.map((name) => ({ name, position: views.positionOf(name) }));
        await waiters.wait(
          () => wanted.every((name) => isThere(name, position)),
          timeout,
          () => viewsBehind({ position, timeout, views: standing() }),
        );
      } finally {
        waiting -= 1;
      }
    },
    rebuild: async (name, options) => onFolding([name]).rebuild(name, options),
    rebuildAll: async (wanted, options) => onFolding(wanted ?? []).rebuildAll(wanted, options),
    rollback: async (name) => onFolding([name]).rollback(name),
    retry: async (name) => onFolding([name]).retry(name),
    stoppedAt: async (name) => onFolding([name]).stoppedAt(name),
    control: async (name, what) => onFolding([name]).control(name, what),
    onProgress: listeners.add,
    async stop() {
      end.abort();
      waiters.look();
      await following;
      await folding?.stop();
    },
  };
};
