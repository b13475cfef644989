import { fenceOf, type Taker } from '../../domain/execution/worker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Assignment, Claim, ServedActivity } from '../../ports/workers.ts';
import { writeToken, type OfToken } from './token.ts';

/** A place for one attempt that a worker waits with. */
export interface Seat {
  readonly taker: Taker;
  readonly served: ServedActivity;
  /** Gives the attempt to the worker. */
  give(assignment: Omit<Assignment, 'token'>): void;
  /** The attempt is not begun, or is over already: the worker waits on. Harmless when it was given. */
  free(): void;
}

/** A worker that waits. */
export interface Waiting {
  /** Whether there is a place. */
  readonly hasRoom: boolean;
  readonly served: ReadonlyMap<string, ServedActivity>;
  /** Takes a place, as long as there is one. */
  seat(of: OfToken, activity: string): Seat | undefined;
}

/** The workers that wait at a node, in the order in which they came. */
export interface Claims {
  /** Waits until something is given to the worker, or its time is over; `fill` seats what is there for it. */
  wait(
    claim: Omit<Claim, 'activities'>,
    served: Waiting['served'],
    gone: AbortSignal,
    fill: (worker: Waiting) => void,
  ): Promise<readonly Assignment[]>;
  /** A place of the first worker that waits for attempts of an activity, or does so within `ms`. */
  seat(of: OfToken, activity: string, ms: number): Promise<Seat | undefined>;
  /** The worker that waits for attempts of an activity, if there is one. */
  first(activity: string): Waiting | undefined;
  /** Lets all of them go, and none wait any more. */
  close(): void;
}

/** What claims are made with. */
export interface ClaimsOptions {
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Open extends Waiting {
  end(): void;
}

/** What a worker is to come for. */
interface Asking {
  readonly activity: string;
  /** Answers with the worker, or with nobody. */
  answer(worker?: Waiting): void;
}

/** Keeps workers that wait. */
export const createClaims = ({ clock, ids }: ClaimsOptions): Claims => {
  const waiting = new Set<Open>();
  const asking = new Set<Asking>();
  let closed = false;

  /** What nobody can guess: an id alone has half of the digits that it takes. */
  const secret = (): string => `${ids.next()}${ids.next()}`.replaceAll('-', '');

  const first = (activity: string): Waiting | undefined => {
    for (const worker of waiting) if (worker.hasRoom && worker.served.has(activity)) return worker;
    return undefined;
  };

  const wait: Claims['wait'] = async ({ worker, max, wait: ms }, served, gone, fill) => {
    const given: Assignment[] = [];
    let taken = 0;
    let isOver = closed || gone.aborted;
    let changed = Promise.withResolvers<void>();
    const wake = (): void => changed.resolve();
    const end = (): void => {
      isOver = true;
      wake();
    };

    const seat: Waiting['seat'] = (of, activity) => {
      const known = served.get(activity);
      if (known === undefined || !mine.hasRoom) return undefined;
      const token = writeToken(of, secret());
      let isOpen = true;
      taken += 1;
      const close = (): boolean => {
        if (!isOpen) return false;
        isOpen = false;
        taken -= 1;
        wake();
        return true;
      };
      return {
        taker: { worker, activity, fence: fenceOf(token) },
        served: known,
        give: (assignment) => void (close() && given.push({ token, ...assignment })),
        free: () => void close(),
      };
    };
    const mine: Open = {
      served,
      seat,
      end,
      get hasRoom() {
        return !isOver && given.length === 0 && taken < max;
      },
    };

    waiting.add(mine);
    const timer = clock.after(ms, end);
    gone.addEventListener('abort', end);
    try {
      for (;;) {
        for (const one of asking) if (mine.hasRoom && served.has(one.activity)) one.answer(mine);
        fill(mine);
        // What is being begun for it is given to it, or not: only then it is known what it has.
        if (taken === 0 && (isOver || given.length > 0)) return given;
        await changed.promise;
        changed = Promise.withResolvers();
      }
    } finally {
      waiting.delete(mine);
      timer.cancel();
      gone.removeEventListener('abort', end);
    }
  };

  return {
    wait,
    first,
    seat: async (of, activity, ms) => {
      const now = first(activity);
      if (now !== undefined || closed) return now?.seat(of, activity);
      const { promise, resolve } = Promise.withResolvers<Seat | undefined>();
      const one: Asking = {
        activity,
        answer: (worker) => {
          asking.delete(one);
          timer.cancel();
          resolve(worker?.seat(of, activity));
        },
      };
      asking.add(one);
      const timer = clock.after(ms, () => one.answer());
      return promise;
    },
    close: () => {
      closed = true;
      for (const worker of waiting) worker.end();
      for (const one of asking) one.answer();
    },
  };
};
