import { startReleased, type StartingGathered } from '../../commands/start-gathered.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { OWNS_ALL, type Owned } from '../owned.ts';

/** Milliseconds until the next try after something went wrong. */
const AGAIN = 1_000;

/** What `createGatherer` needs. */
export interface GathererOptions extends StartingGathered {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Which gatherings it looks after, by the ids of their streams; all unless it says otherwise. */
  readonly owned?: Owned;
}

/** Starts what events that were gathered start, once that is due: each gathering once, whichever node it is. */
export interface Gatherer {
  /** Something is gathered until then (ms since the Unix epoch), or later. */
  arm(id: string, dueAt: number): void;
  /** Lets go of gatherings that are another node's. */
  forsake(ids: (id: string) => boolean): void;
  /** Starts nothing more; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

/** A gatherer; it sleeps between times. */
export const createGatherer = (options: GathererOptions): Gatherer => {
  const { clock, logger, owned = OWNS_ALL, ...starting } = options;
  const timers = new Map<string, { readonly at: number; readonly timer: Timer }>();
  const working = new Set<Promise<void>>();
  let closed = false;

  const cancel = (id: string): void => {
    timers.get(id)?.timer.cancel();
    timers.delete(id);
  };

  const arm: Gatherer['arm'] = (id, dueAt) => {
    if (closed || !owned.owns(id)) return;
    const known = timers.get(id);
    // When it is looked at too soon it is put off: a burst does not set a timer each.
    if (known !== undefined && known.at <= dueAt) return;
    cancel(id);
    timers.set(id, { at: dueAt, timer: clock.schedule(dueAt, () => fire(id)) });
  };

  const work = async (id: string): Promise<void> => {
    // While it is handed over, whoever gets it looks after it.
    if (!owned.takes(id)) {
      if (!owned.owns(id) || owned.holds(id) || !(await owned.whenHeld(id)) || !owned.takes(id)) return;
    }
    const due = await starting.emissions.gatherings.releaseDue(id);
    if (due === undefined) return;
    if (typeof due === 'number') return arm(id, due);
    await startReleased(starting, due);
    due.settle();
  };

  const fire = (id: string): void => {
    timers.delete(id);
    if (closed) return;
    const mine = work(id)
      .catch((error: unknown) => {
        if (closed) return;
        if (!(error instanceof LogUnavailable))
          logger.error({ gathering: id, err: error }, 'What was gathered cannot be started.');
        arm(id, clock.now() + AGAIN);
      })
      .finally(() => working.delete(mine));
    working.add(mine);
  };

  return {
    arm,
    forsake: (ids) => {
      for (const id of timers.keys()) if (ids(id)) cancel(id);
    },
    close: async () => {
      closed = true;
      for (const id of timers.keys()) cancel(id);
      await Promise.all(working);
    },
  };
};
