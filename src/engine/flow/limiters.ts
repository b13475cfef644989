import {
  keyOfLimit,
  laneOf,
  nameOfLimit,
  policyOf,
  type CallLimit,
  type LimitGate,
} from '../../domain/flow/limits.ts';
import {
  decideRelease,
  decideRequest,
  evolveLimiter,
  placesIn,
  standingOf,
  UNUSED,
  waitingIn,
  type Limiter,
} from '../../domain/flow/limiter.ts';
import type { AttemptId } from '../../domain/flow/breaker-events.ts';
import type { LimiterEvent } from '../../domain/flow/limiter-events.ts';
import { shareStreams, type SharedParts } from './shared-streams.ts';
import { awaitTurns } from './turns-awaited.ts';

/** An attempt at a limit. */
export interface AtLimit extends AttemptId {
  readonly limit: CallLimit;
  readonly workflow: string;
  readonly activity: string;
  /** The value of the limit's key, by its hash. */
  readonly lane?: string;
  readonly priority?: number;
}

/** A place that an attempt may have. */
export interface PlaceAtLimit extends AttemptId {
  readonly gate: LimitGate;
  readonly key: string;
}

/** What became of an attempt that asked: let in or turned away, with the numbers of that, or not waited for any more. */
export type Entrance =
  | { readonly kind: 'in' | 'full' | 'late'; readonly count: number; readonly of: number }
  | { readonly kind: 'dropped' };

/** What lets only so many attempts in at once, on all nodes together. */
export interface Limiters {
  /**
   * Lets an attempt in, as soon as it is its turn; `queued` is told where it waits. Once the signal is aborted it waits no
   * more. Rejects with `LogUnavailable` once it is over.
   */
  enter(
    at: AtLimit,
    signal: AbortSignal,
    queued: (position: number, of: number) => Promise<unknown>,
  ): Promise<Entrance>;
  /** Gives back the place of an attempt; nothing when it has none. Rejects as `enter` does. */
  leave(place: PlaceAtLimit): Promise<void>;
}

/** What limiters need besides. */
export interface LimitersOptions extends SharedParts {
  /** Whether an attempt is waited for or under way, as its execution's stream says. Rejects as the log does. */
  readonly isOpen: (attempt: AttemptId) => Promise<boolean>;
}

/** Why an attempt was dropped: somebody else goes on with it, and with its place. */
export const HANDED_OVER = 'handed over';

/** Limiters by what they limit. */
export const createLimiters = (options: LimitersOptions): Limiters => {
  const { world, isOpen, over, logger } = options;
  const { clock } = world;
  /** Limiters that were swept since the last node was lost. */
  const swept = new Set<string>();

  const streams = shareStreams<Limiter, LimiterEvent>(options, {
    category: 'limiter',
    types: ['limiter.requested', 'limiter.released', 'limiter.compacted', 'partition.claimed'],
    initial: UNUSED,
    evolve: evolveLimiter,
    startOf: ({ facts }) => Number(facts['since']),
    // Whoever had the partition before may have ended between the end of a call and giving its place back.
    others: () => {
      swept.clear();
      for (const name of awaited.names()) sweep(name);
    },
  });

  const awaited = awaitTurns(streams);

  const nameOf = (at: AtLimit): string => nameOfLimit(at.limit.gate, keyOfLimit(at));

  const release = (name: string, key: string, attempt: AttemptId): Promise<Limiter> =>
    streams.change(name, (limiter, _now, next) => decideRelease(limiter, key, attempt, next));

  /** Gives back the places of attempts that are over, which nobody else would. */
  const sweepNow = async (name: string): Promise<void> => {
    for (const place of placesIn(await streams.read(name)))
      if (!(await isOpen(place))) await release(name, name.slice(name.indexOf(':') + 1), place);
  };

  const sweep = (name: string): void => {
    if (swept.has(name)) return;
    swept.add(name);
    sweepNow(name).catch((error: unknown) => {
      swept.delete(name);
      if (!over.aborted)
        logger.warn({ err: error, limiter: name }, 'Places that may be free were not looked after.');
    });
  };

  /** Resolves when the attempt is let in or gone, or its time is over, or nobody waits for it any more. */
  const turn = (name: string, at: AtLimit, since: number, signal: AbortSignal): Promise<'news' | 'late'> =>
    new Promise((resolve) => {
      const { timeout } = at.limit;
      const end = (how: 'news' | 'late'): void => {
        stop();
        timer?.cancel();
        signal.removeEventListener('abort', news);
        over.removeEventListener('abort', news);
        resolve(how);
      };
      const news = (): void => end('news');
      const timer =
        timeout === undefined
          ? undefined
          : clock.after(Math.max(0, since + timeout - clock.now()), () => end('late'));
      const stop = awaited.await(name, at, news);
      signal.addEventListener('abort', news);
      over.addEventListener('abort', news);
      if (signal.aborted || over.aborted) news();
      // Its turn may have come while it was written down that it waits.
      const limiter = streams.known(name);
      if (limiter !== undefined && standingOf(limiter, at)?.isIn !== false) news();
    });

  const enter: Limiters['enter'] = async (at, signal, queued) => {
    const { limit } = at;
    const [name, key] = [nameOf(at), keyOfLimit(at)];
    const lane = laneOf(at);
    const { lane: _lane, ...asked } = at;
    const asking = { ...asked, key, ...(lane === undefined ? {} : { lane }) };
    const policy = policyOf(limit);
    let isTold = false;
    for (;;) {
      if (signal.aborted || over.aborted) {
        if (!over.aborted && signal.reason !== HANDED_OVER) await release(name, key, at);
        return { kind: 'dropped' };
      }
      const limiter = await streams.change(name, (state, now, next) =>
        decideRequest(state, asking, policy, now, next),
      );
      const standing = standingOf(limiter, at);
      if (standing === undefined) return { kind: 'full', count: waitingIn(limiter), of: limit.queue ?? 0 };
      if (standing.isIn) return { kind: 'in', count: standing.position, of: limiter.limit };
      const of = limit.queue ?? waitingIn(limiter);
      if (!isTold) await queued(standing.position, of);
      isTold = true;
      const turned = turn(name, at, standing.at, signal);
      sweep(name);
      const how = await turned;
      if (how === 'news') continue;
      const left = await streams.change(name, (state, _now, next) =>
        standingOf(state, at)?.isIn === true ? [] : decideRelease(state, key, at, next),
      );
      if (standingOf(left, at) === undefined) return { kind: 'late', count: standing.position, of };
    }
  };

  return {
    enter,
    leave: async (place) => void (await release(nameOfLimit(place.gate, place.key), place.key, place)),
  };
};
