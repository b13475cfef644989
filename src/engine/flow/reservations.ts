import type { Passed, QueuedAtGate } from '../../domain/execution/admission-events.ts';
import { RESOURCES, type Capacity, type Needs, type Resource } from '../../domain/flow/resources.ts';

/** Where somebody waits, and for how much of what. */
export type WaitsForResource = Omit<QueuedAtGate, 'reason' | 'key'>;

/** What the calls of a node take of it: kept in memory, since it is free again when the node is gone. */
export interface Reservations {
  /**
   * Reserves all that somebody needs at once, and says how much is reserved by then; `queued` is told for what he waits.
   * Once the signal is aborted he waits no more, and has nothing. Whoever has it already is told the same.
   */
  enter(
    who: object,
    needs: Needs,
    signal: AbortSignal,
    queued: (waits: WaitsForResource) => Promise<unknown>,
  ): Promise<readonly Passed[] | undefined>;
  /** Gives back what somebody has; nothing when he has nothing. */
  leave(who: object): void;
}

interface Waiting {
  readonly needs: Needs;
  readonly wake: () => void;
}

/**
 * Whoever waits goes in the order in which he came: nobody takes what somebody before him waits for, so that many small
 * calls do not hold up a large one for ever. One that is larger than the node waits aside, and holds up nobody.
 */
export const createReservations = (capacity: Capacity, over: AbortSignal): Reservations => {
  const reserved = new Map<object, Needs>();
  const used: Record<Resource, number> = { cpu: 0, memory: 0 };
  const waiting = new Map<object, Waiting>();
  const waitFor: Record<Resource, number> = { cpu: 0, memory: 0 };
  const tooLarge = new Set<object>();

  const wantedBy = (needs: Needs): readonly Resource[] =>
    RESOURCES.filter((resource) => needs[resource] !== undefined);

  const short = (needs: Needs, of: (resource: Resource) => number): Resource | undefined =>
    RESOURCES.find((resource) => (needs[resource] ?? 0) > of(resource));

  const fits = (needs: Needs): boolean =>
    short(needs, (resource) => capacity[resource] - used[resource]) === undefined;

  const count = (of: Record<Resource, number>, needs: Needs, sign: 1 | -1): void => {
    for (const resource of RESOURCES) of[resource] += sign * (needs[resource] ?? 0);
  };

  const stopWaiting = (who: object): Waiting | undefined => {
    const known = waiting.get(who);
    if (!waiting.delete(who) || known === undefined) return undefined;
    for (const resource of wantedBy(known.needs)) waitFor[resource] -= 1;
    return known;
  };

  /** Lets in whoever can be; all of one resource that those before want is theirs. */
  const letIn = (): void => {
    const wanted = new Set<Resource>();
    for (const [who, { needs }] of waiting) {
      const mine = wantedBy(needs);
      if (fits(needs) && !mine.some((resource) => wanted.has(resource))) {
        reserved.set(who, needs);
        count(used, needs, 1);
        stopWaiting(who)?.wake();
      } else for (const resource of mine) wanted.add(resource);
      if (RESOURCES.every((resource) => wanted.has(resource) || waitFor[resource] === 0)) return;
    }
  };

  const leave: Reservations['leave'] = (who) => {
    const had = reserved.get(who);
    if (reserved.delete(who) && had !== undefined) count(used, had, -1);
    stopWaiting(who)?.wake();
    tooLarge.delete(who);
    letIn();
  };

  /** What somebody waits for: what there is too little of, or what somebody before him waits for. */
  const standing = (needs: Needs, among: ReadonlyMap<object, unknown> | ReadonlySet<object>) => {
    const resource =
      short(needs, (one) => capacity[one]) ??
      short(needs, (one) => capacity[one] - used[one]) ??
      wantedBy(needs)[0] ??
      'cpu';
    const of = among.size;
    return {
      gate: resource,
      position: of,
      of,
      needs: needs[resource] ?? 0,
      capacity: capacity[resource],
    };
  };

  /** Resolves when somebody is let in, or waits no more. */
  const turn = async (
    who: object,
    needs: Needs,
    signal: AbortSignal,
    queued: (waits: WaitsForResource) => Promise<unknown>,
  ): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      leave(who);
      resolve();
    };
    signal.addEventListener('abort', end);
    over.addEventListener('abort', end);
    try {
      if (short(needs, (resource) => capacity[resource]) === undefined) {
        waiting.set(who, { needs, wake: resolve });
        for (const resource of wantedBy(needs)) waitFor[resource] += 1;
        letIn();
        if (!reserved.has(who)) await queued(standing(needs, waiting));
      } else {
        tooLarge.add(who);
        await queued(standing(needs, tooLarge));
      }
      await promise;
    } catch (error) {
      // Nobody would give back what he was let in for.
      leave(who);
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
      over.removeEventListener('abort', end);
    }
  };

  return {
    enter: async (who, needs, signal, queued) => {
      if (signal.aborted || over.aborted) return undefined;
      if (!reserved.has(who)) await turn(who, needs, signal, queued);
      if (!reserved.has(who)) return undefined;
      return wantedBy(needs).map((gate) => ({
        gate,
        key: capacity.node,
        count: used[gate],
        of: capacity[gate],
        needs: needs[gate] ?? 0,
      }));
    },
    leave,
  };
};
