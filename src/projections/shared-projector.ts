import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { fencedReadModels } from './fenced-read-models.ts';
import { followViews } from './followed-views.ts';
import { createListeners } from './listeners.ts';
import { createPatience, stopped } from './patience.ts';
import type { Projector } from './projector.ts';
import { createTurns } from './turns.ts';
import { createWaiters } from './waiters.ts';

/** The right to fold the views that several nodes share. */
export interface ViewsLease {
  /** Whether they may be written to now. */
  holds(): boolean;
  /** Name of the node that folds them; `undefined` while there is none. */
  holder(): string | undefined;
  /** Calls back when the lease comes (true) or goes. */
  onChange(listener: (held: boolean) => void): void;
}

/** What `shareProjector` needs. */
export interface SharedProjectorOptions {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly clock: Clock;
  readonly lease: ViewsLease;
  /** Names of all projections. */
  readonly names: readonly string[];
  /** Starts to fold into read models that are written while the lease holds. */
  readonly fold: (readModels: ReadModels) => Projector;
}

/** Milliseconds between two looks at what another node has folded: while somebody waits for it, and otherwise. */
const SOON = 25;
const NOW_AND_THEN = 250;

/**
 * A projector among several on the same read models: it folds while it has the lease, and follows the one that
 * folds otherwise. Whichever it does, `waitFor`, `status` and progress are of the shared documents.
 */
export const shareProjector = (options: SharedProjectorOptions): Projector => {
  const { log, readModels, clock, lease, names } = options;
  const end = new AbortController();
  const patience = createPatience(clock, end.signal);
  const views = followViews(log, readModels, clock);
  const listeners = createListeners();
  const waiters = createWaiters(clock);
  const turns = createTurns();
  const fenced = fencedReadModels(readModels, lease.holds);
  let folding: Projector | undefined;
  let waiting = 0;
  let wake: () => void = () => undefined;

  const tell: Parameters<Projector['onProgress']>[0] = (progress) => {
    views.take(progress);
    waiters.look();
    listeners.tell(progress);
  };

  const change = (held: boolean): Promise<void> =>
    turns(async () => {
      if (held === (folding !== undefined) || end.signal.aborted) return;
      const before = folding;
      folding = held ? options.fold(fenced) : undefined;
      folding?.onProgress(tell);
      await before?.stop();
    });

  const follow = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const progress = folding === undefined ? await views.look() : [];
      if (progress.length > 0 && folding === undefined) tell(progress);
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await Promise.race([woken, patience.wait(waiting > 0 ? SOON : NOW_AND_THEN)]);
    }
  };

  const requireName = (name: string): void => {
    if (names.includes(name)) return;
    throw new Rejection(
      'PROJECTION_NOT_FOUND',
      `Expected the name of a projection, but there is no "${name}".`,
      { field: 'name', found: name, expected: names },
    );
  };

  const isThere = (name: string, position: bigint): boolean => {
    if (end.signal.aborted) throw stopped();
    if (views.positionOf(name) >= position) return true;
    if (folding === undefined || !views.isStopped(name)) return false;
    throw new Rejection(
      'UNAVAILABLE',
      `Expected the projection "${name}" to follow the log, but it is stopped.`,
      { projection: name },
    );
  };

  lease.onChange((held) => void change(held));
  const following = follow();

  return {
    status: () => (folding === undefined ? views.status(names) : folding.status()),
    async waitFor(position, wanted, timeout) {
      for (const name of wanted) requireName(name);
      waiting += 1;
      if (waiting === 1) wake();
      try {
        await waiters.wait(() => wanted.every((name) => isThere(name, position)), timeout);
      } finally {
        waiting -= 1;
      }
    },
    async rebuild(name) {
      requireName(name);
      if (folding !== undefined) return folding.rebuild(name);
      const holder = lease.holder();
      throw new Rejection(
        'UNAVAILABLE',
        `Expected this node to fold the views, but ${holder === undefined ? 'none does yet' : `"${holder}" does`}.`,
        { expected: holder === undefined ? 'call again' : `call ${holder}` },
      );
    },
    onProgress: listeners.add,
    async stop() {
      end.abort();
      waiters.look();
      await turns(async () => {
        await folding?.stop();
      });
      await following;
    },
  };
};
