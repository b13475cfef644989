import type { Clock } from '../ports/clock.ts';
import { LogUnavailable, START, type EventLog } from '../ports/event-log.ts';
import { liftBatch } from './lift-batch.ts';
import { advanceMember, positionOf, stopMember, type Member, type MemberStore } from './member.ts';
import { isOutage } from './patience.ts';
import type { Turns } from './turns.ts';

/** The one pass over the log that folds all live documents. */
export interface MainPass {
  /** Everything up to here was looked at. */
  position(): bigint;
  /** Whether the log had nothing more behind that. */
  caughtUp(): boolean;
  /** A member has live documents again. */
  joined(): void;
  /** Follows the log until the projector is stopped. An error that is no outage stops all members; those that are rebuilt go on. */
  run(): Promise<void>;
}

/** What the main pass works with. */
export interface MainPassParts {
  readonly log: EventLog;
  readonly store: MemberStore;
  readonly members: readonly Member[];
  readonly turns: Turns;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly batch: number;
  /** The most milliseconds that it lets the log grow before it looks again, once it has caught up; with 0 it looks at once. */
  readonly pace: number;
  /** A batch is stored; the keys that changed, by member. */
  readonly advanced: (changed: ReadonlyMap<Member, readonly string[]>) => void;
}

/** Milliseconds that the log grows for at least: events that come one by one are few in a batch, but not each alone. */
const SHORTEST = 2;

/** It rests for so many times as long as it has worked, so that it takes a third of a processor while the log is slow. */
const REST = 2;

const least = (positions: readonly bigint[]): bigint | undefined =>
  positions.reduce<bigint | undefined>((low, at) => (low === undefined || at < low ? at : low), undefined);

const most = (positions: readonly bigint[]): bigint =>
  positions.reduce((high, at) => (at > high ? at : high), START);

/** A main pass over members that were opened. */
export const createMainPass = (parts: MainPassParts): MainPass => {
  const { log, store, members, turns, signal, clock, pace } = parts;
  const lowest = (): bigint | undefined => least(members.flatMap(({ live }) => live?.position ?? []));
  // With nothing to fold it stands where the views do that are shown, so that none that joins goes back.
  let caughtUp = false;
  let position = lowest() ?? most(members.map(positionOf));

  const take = async (events: ReturnType<typeof liftBatch>): Promise<void> => {
    const live = members.filter((member) => member.live !== undefined);
    const changed = await Promise.all(live.map((member) => advanceMember(store, member, events)));
    position = events.position;
    caughtUp = events.caughtUp;
    parts.advanced(new Map(live.map((member, index) => [member, changed[index] ?? []])));
  };

  const follow = async (resumed: () => void): Promise<void> => {
    for await (const batch of log.subscribe({ after: position, signal, batch: parts.batch })) {
      // Whoever asked again at once would be given the same again, for ever.
      if (batch.position < position)
        throw new LogUnavailable(
          `Expected the log to go on behind ${position}, but it came to ${batch.position}.`,
        );
      resumed();
      const began = clock.now();
      await turns(() => take(liftBatch(batch)));
      const worked = clock.now() - began;
      const next = lowest();
      // The one that was far behind has stopped, or was replaced by its rebuild.
      if (next !== undefined && next > position) {
        position = next;
        return;
      }
      // An event at a time costs many times what hundreds together do, and the engine pays for it.
      if (batch.caughtUp && pace > 0)
        await store.patience.wait(Math.min(pace, Math.max(SHORTEST, REST * worked)));
    }
    if (!signal.aborted) throw new LogUnavailable('Expected the log to go on, but it has ended.');
  };

  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());

  const untilJoined = async (): Promise<void> => {
    while (lowest() === undefined && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  };

  const tell = (outage: Error | undefined): void => {
    for (const member of members) {
      member.outage = outage;
      store.tell(member, 'state');
    }
  };

  return {
    position: () => position,
    caughtUp: () => caughtUp,
    joined: () => wake(),
    async run() {
      let outages = 0;
      const resumed = (): void => {
        if (outages > 0) tell(undefined);
        outages = 0;
      };
      while (!signal.aborted) {
        try {
          await follow(resumed);
        } catch (error) {
          if (signal.aborted) return;
          if (!isOutage(error)) {
            caughtUp = false;
            for (const member of members) stopMember(store, member, error);
            await untilJoined();
            continue;
          }
          tell(error);
          await store.patience.pause(outages);
          outages += 1;
        }
      }
    },
  };
};
