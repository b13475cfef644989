import type { Json, JsonObject } from '../../domain/json.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { readParkedIds } from '../../projections/parked.ts';
import { runsOf } from '../runs-of.ts';
import type { AsOf } from './as-of.ts';
import { momentOf, type Moment } from './moment.ts';
import { foldFrom, type PassesOver, type Past, type Watch } from './past.ts';
import type { Snapshots } from './snapshots.ts';

/** What is wanted besides. */
export interface Wanted {
  /** Entries of its timeline, given by the revision that each begins at. */
  readonly entries?: ReadonlyMap<string, number>;
  /** Sees every event from this revision on being folded, and maybe some before. */
  readonly watch?: { readonly from: number } & Watch;
}

/** What executions were, folded from the log. Rejects as the log does. */
export interface Histories {
  /** Where an execution was by then; `undefined` before its start, and of one that was removed since. Rejects with `AS_OF_AHEAD`. */
  momentOf(id: string, asOf: AsOf): Promise<Moment | undefined>;
  /** The execution at a revision of its stream. */
  pastOf(id: string, revision: number, wanted?: Wanted): Promise<Past>;
  /** The variables at a revision. */
  variablesOf(id: string, revision: number): Promise<JsonObject>;
}

type Log = Pick<EventLog, 'read' | 'head' | 'end'>;

const PAGE = 1_000;
/** How far apart snapshots are, in events: at least so far, and so far for each entry and name that they hold. */
export interface Spacing {
  readonly every: number;
  readonly each: number;
}

const SPACING: Spacing = { every: 1_000, each: 10 };
/** The most that a snapshot holds, entries and names; one with more would cost more than it saves. */
const MOST = 2_000;
/** How many are written together. */
const TOGETHER = 16;

const isDue = ({ revision, entries, setAt }: Past, last: number, { every, each }: Spacing): boolean => {
  const size = entries.size + setAt.size;
  return (revision + 1) % every === 0 && size <= MOST && revision - last >= each * size;
};

const NONE: ReadonlyMap<string, number> = new Map();

/** Whether what comes behind a snapshot can be folded into the entries without what came before it. */
const lacks = (base: Past, entries: ReadonlyMap<string, number>): number | undefined => {
  const lost = [...entries]
    .filter(([key, begin]) => begin <= base.revision && base.entries.get(key)?.doc.sequence !== begin)
    .map(([, begin]) => begin);
  return lost.length === 0 ? undefined : Math.min(...lost);
};

/** Folds from the log on from the nearest snapshot, and keeps snapshots of what it passes. */
export const createHistories = (
  log: Log,
  clock: Clock,
  snapshots: Snapshots,
  spacing = SPACING,
): Histories => {
  const passesOver: PassesOver = async (projection, event) =>
    (await readParkedIds(log, projection)).has(event);

  /** Of what is kept no longer nothing is shown, whichever moment is asked for: the views have lost what it was. */
  const wasRemoved = async (id: string): Promise<boolean> => {
    const stream = streamOf('execution', id);
    const { revision = 0 } = (await log.head(stream)) ?? {};
    const [last] = await log.read(stream, { from: revision, limit: 1 });
    return last?.type === 'execution.removed' || last?.type === 'execution.condensed';
  };

  /** A snapshot of an event that the log still has: it may have been restored from before. */
  const baseOf = async (
    id: string,
    revision: number,
    entries: ReadonlyMap<string, number>,
  ): Promise<Past | undefined> => {
    let base = await snapshots.before(id, revision);
    for (let lost = base && lacks(base, entries); lost !== undefined; lost = base && lacks(base, entries))
      base = await snapshots.before(id, lost - 1);
    if (base === undefined) return undefined;
    const [event] = await log.read(streamOf('execution', id), { from: base.revision, limit: 1 });
    return event?.id === base.event ? base : undefined;
  };

  const pastOf: Histories['pastOf'] = async (id, revision, { entries = NONE, watch } = {}) => {
    const stream = streamOf('execution', id);
    const base = await baseOf(id, watch === undefined ? revision : watch.from - 1, entries);
    const folding = foldFrom(base, new Set(entries.keys()));
    let last = base?.revision ?? -1;
    let passed: Past[] = [];
    for (let from = last + 1; from <= revision; from = folding.past.revision + 1) {
      const events = await log.read(stream, { from, limit: Math.min(PAGE, revision - from + 1) });
      if (events.length === 0)
        throw new RangeError(`Expected ${stream} to reach revision ${revision}, but it does not.`);
      for (const event of events) {
        watch?.before(folding.past, event);
        const begins = await folding.fold(event, passesOver);
        watch?.after(event, begins);
        const { past } = folding;
        if (!isDue(past, last, spacing)) continue;
        last = past.revision;
        passed.push({ ...past, setAt: new Map(past.setAt), entries: new Map(past.entries) });
      }
      if (passed.length < TOGETHER) continue;
      await snapshots.keep(id, passed);
      passed = [];
    }
    await snapshots.keep(id, passed);
    return folding.past;
  };

  return {
    async momentOf(id, asOf) {
      const moment = await momentOf(log, clock, id, asOf);
      return moment === undefined || (await wasRemoved(id)) ? undefined : moment;
    },
    pastOf,
    async variablesOf(id, revision) {
      const { setAt } = await pastOf(id, revision);
      const payloads = new Map<number, Readonly<Record<string, Json>>>();
      const wanted = new Set(setAt.values());
      for (const { from, to } of runsOf(wanted)) {
        for (const event of await log.read(streamOf('execution', id), { from, limit: to - from + 1 })) {
          if (!wanted.has(event.revision)) continue;
          const { variables = {} } = JSON.parse(event.payload ?? '{}') as { variables?: JsonObject };
          payloads.set(event.revision, variables);
        }
      }
      return Object.fromEntries(
        [...setAt].map(([name, set]) => [name, payloads.get(set)?.[name] ?? null] as const),
      );
    },
  };
};
