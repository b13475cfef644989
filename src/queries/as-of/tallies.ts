import type { Clock } from '../../ports/clock.ts';
import { START, type EventLog, type LogBatch } from '../../ports/event-log.ts';
import { subscribeWhole } from '../../ports/whole-log.ts';
import { readParkedIds } from '../../projections/parked.ts';
import type { Window } from '../../projections/sum-outcomes.ts';
import { notYet, type LogMoment } from './as-of.ts';
import { countFrom, NO_TALLY, type Tally } from './tally.ts';
import type { TallySnapshots, Until } from './tally-snapshots.ts';

/** The counters of a moment, with all outcomes of the day that it is in. */
export interface Counted {
  readonly tally: Tally;
  readonly day: Window;
}

/** What the counters were, folded from the log. Rejects as the log does. */
export interface Tallies {
  /**
   * The counters as they were; `dayOf` answers the day of a time. By a time: after all of the log that stands before the
   * first event that was decided later. Rejects with `Rejection` (`AS_OF_AHEAD`), and with `ProjectionFailure` for an
   * event that cannot be folded.
   */
  at(moment: LogMoment, dayOf: (at: number) => Window): Promise<Counted>;
}

/** How far apart snapshots are, in events: at least so far, and so far for each document that they hold. */
export interface TallySpacing {
  readonly every: number;
  readonly each: number;
}

const SPACING: TallySpacing = { every: 10_000, each: 10 };
/** The most documents that a snapshot holds; one with more would cost more than it saves. */
const MOST = 20_000;

type Log = Pick<EventLog, 'read' | 'head' | 'end' | 'subscribe'>;

/** What of a batch had happened by a moment, and whether that is all there is of it. */
type Cut = (batch: LogBatch) => { readonly part: LogBatch; readonly isAll: boolean };

const cutAtPosition =
  (position: bigint): Cut =>
  (batch) =>
    batch.position < position
      ? { part: batch, isAll: false }
      : {
          part: { ...batch, position, events: batch.events.filter((event) => event.position <= position) },
          isAll: true,
        };

const cutAtTime =
  (at: number): Cut =>
  (batch) => {
    const later = batch.events.findIndex(({ commit }) => commit.metadata.at > at);
    if (later === -1) return { part: batch, isAll: batch.caughtUp };
    const events = batch.events.slice(0, later);
    return { part: { ...batch, events, position: events.at(-1)?.position ?? START }, isAll: true };
  };

const cutAt = (moment: LogMoment): Cut =>
  moment.by === 'position' ? cutAtPosition(moment.position) : cutAtTime(moment.at);

const untilOf = (moment: LogMoment): Until =>
  moment.by === 'position' ? { position: moment.position } : { latest: moment.at };

const isDue = ({ active, outcomes }: Tally, passed: number, { every, each }: TallySpacing): boolean => {
  const size = active.size + outcomes.size;
  return passed >= every && passed >= each * size && size <= MOST;
};

/** Folds from the log on from the nearest snapshot, and keeps snapshots of what it passes. */
export const createTallies = (
  log: Log,
  clock: Clock,
  snapshots: TallySnapshots,
  spacing = SPACING,
): Tallies => {
  const refuseAhead = async (moment: LogMoment): Promise<void> => {
    if (moment.by === 'at') {
      const now = clock.now();
      if (moment.at > now) throw notYet('at', new Date(moment.at).toISOString(), new Date(now).toISOString());
      return;
    }
    const end = await log.end();
    if (moment.position > end) throw notYet('position', String(moment.position), String(end));
  };

  /** A snapshot of an event that the log still has: it may have been restored from before. */
  const baseOf = async (moment: LogMoment, from: number): Promise<Tally> => {
    const base = await snapshots.before(untilOf(moment), from);
    if (base?.last === undefined) return NO_TALLY;
    const { stream, revision, id } = base.last;
    const [event] = await log.read(stream, { from: revision, limit: 1 });
    // A stream that begins behind it had it, and was truncated.
    const isKnown = event !== undefined && (event.id === id || event.revision > revision);
    return isKnown ? base : NO_TALLY;
  };

  /** Without outcomes of before `from`, and maybe without some behind it. */
  const count = async (moment: LogMoment, from: number): Promise<Tally> => {
    const base = await baseOf(moment, from);
    if (moment.by === 'position' && moment.position === base.position) return base;
    const [active, outcomes] = await Promise.all([
      readParkedIds(log, 'active'),
      readParkedIds(log, 'outcomes'),
    ]);
    const counting = countFrom(base, { active, outcomes });
    const cut = cutAt(moment);
    const { signal } = new AbortController();
    let passed = 0;
    for await (const batch of subscribeWhole(log, { after: base.position, signal })) {
      const { part, isAll } = cut(batch);
      await counting.fold(part);
      passed += part.events.length;
      if (passed >= spacing.every) {
        // A clock that was far ahead must not leave out what is of today.
        counting.leaveOut(Math.min(counting.tally.at, clock.now(), from));
        const { tally } = counting;
        if (isDue(tally, passed, spacing)) {
          await snapshots.keep(tally);
          passed = 0;
        }
      }
      if (isAll) return counting.tally;
    }
    throw new RangeError(`Expected the log to go on to ${untilText(moment)}, but it has ended.`);
  };

  return {
    async at(moment, dayOf) {
      await refuseAhead(moment);
      const tally = await count(moment, Number.MAX_SAFE_INTEGER);
      const day = dayOf(moment.by === 'at' ? moment.at : tally.at);
      // Behind a clock that went back: that day may be left out already.
      return { day, tally: tally.from <= day.from ? tally : await count(moment, day.from) };
    },
  };
};

const untilText = (moment: LogMoment): string =>
  moment.by === 'position' ? `position ${moment.position}` : new Date(moment.at).toISOString();
