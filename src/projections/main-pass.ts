import type { Clock } from '../ports/clock.ts';
import { LogUnavailable, START, type EventLog } from '../ports/event-log.ts';
import { subscribeWhole } from '../ports/whole-log.ts';
import { liftBatch, type LiftedBatch } from './lift-batch.ts';
import { createLaterPass, least } from './later-pass.ts';
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
  /** Of a batch with no more events than these, those that can wait are folded with the others. */
  readonly few: number;
  /** The most milliseconds that it lets the log grow before it looks again, once it has caught up; with 0 it looks at once. */
  readonly pace: number;
  /** A batch is stored; the keys that changed, by member. */
  readonly advanced: (changed: ReadonlyMap<Member, readonly string[]>) => void;
}

/** Milliseconds that the log grows for at least: events that come one by one are few in a batch, but not each alone. */
const SHORTEST = 2;

/** Milliseconds that it rests at most behind a batch of many: each of those costs little already, and more come meanwhile. */
const BRIEF = 5;

/** It rests for so many times as long as it has worked, so that it takes a third of a processor while the log is slow. */
const REST = 2;

const most = (positions: readonly bigint[]): bigint =>
  positions.reduce((high, at) => (at > high ? at : high), START);

/** A main pass over members that were opened. */
export const createMainPass = (parts: MainPassParts): MainPass => {
  const { log, store, members, turns, signal, clock, pace } = parts;
  const first = members.filter(({ projection }) => projection.canWait !== true);
  const others = first.length === 0 ? [] : members.filter((member) => !first.includes(member));
  const lowestOf = (some: readonly Member[]) => least(some.flatMap(({ live }) => live?.position ?? []));
  const lowest = (): bigint | undefined => lowestOf(first) ?? lowestOf(members);
  // With nothing to fold it stands where the views do that are shown, so that none that joins goes back.
  let caughtUp = false;
  let position = lowest() ?? most(members.map(positionOf));

  const later = createLaterPass({ ...parts, members: others, aim: () => position });

  const take = async (batch: LiftedBatch): Promise<void> => {
    const isWhole = others.length === 0 || (batch.events.length <= parts.few && later.isAt(position));
    const live = (isWhole ? members : first).filter((member) => member.live !== undefined);
    const changed = await Promise.all(live.map((member) => advanceMember(store, member, batch)));
    if (!isWhole) later.leave(batch, position);
    position = batch.position;
    caughtUp = batch.caughtUp;
    parts.advanced(new Map(live.map((member, index) => [member, changed[index] ?? []])));
  };

  const follow = async (resumed: () => void): Promise<void> => {
    for await (const batch of subscribeWhole(
      log,
      { after: position, signal, batch: parts.batch, withoutPayloads: true },
      true,
    )) {
      // Whoever asked again at once would be given the same again, for ever.
      if (batch.position < position)
        throw new LogUnavailable(
          `Expected the log to go on behind ${position}, but it came to ${batch.position}.`,
        );
      resumed();
      later.hold();
      const began = clock.now();
      await turns(() => take(liftBatch(batch)));
      const worked = clock.now() - began;
      if (batch.caughtUp) later.go();
      const next = lowest();
      // The one that was far behind has stopped, or was replaced by its rebuild.
      if (next !== undefined && next > position) {
        position = next;
        return;
      }
      // An event at a time costs many times what hundreds together do, and the engine pays for it.
      const longest = batch.events.length > parts.few ? Math.min(pace, BRIEF) : pace;
      if (batch.caughtUp && pace > 0)
        await store.patience.wait(Math.min(longest, Math.max(SHORTEST, REST * worked)));
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

  const run = async (): Promise<void> => {
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
  };

  return {
    position: () => position,
    caughtUp: () => caughtUp,
    joined: () => wake(),
    run: async () => {
      await Promise.all([run(), later.run()]);
    },
  };
};
