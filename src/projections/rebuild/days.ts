import { startDigest, type Digesting } from '../../domain/digest.ts';
import type { Category } from '../../domain/stream.ts';
import { objectOf } from '../../ports/stored-object.ts';
import type { DayComparison } from '../projector.ts';

/** Which streams the documents of views tell of; a spec holds this to all views that there are. */
const CATEGORY_OF: Readonly<Record<string, Category>> = {
  workflows: 'workflow',
  versions: 'workflow',
  schedules: 'schedule',
  gatherings: 'gathering',
  notifications: 'notification',
  audit: 'audit',
};

/** Fields that say when what a document tells of began, ms since the Unix epoch. */
const BEGUN = ['bucket', 'startedAt', 'requestedAt', 'registeredAt', 'at'] as const;

/** The category of streams that the documents of a view tell of. */
export const categoryOfView = (name: string): Category => CATEGORY_OF[name] ?? 'execution';

/** The day in UTC of ms since the Unix epoch: 2026-01-31. */
export const dayOfTime = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const dayOf = (text: string): string | null => {
  const doc = objectOf(text) ?? {};
  const ms = BEGUN.map((field) => doc[field]).find((value) => typeof value === 'number');
  return typeof ms === 'number' && Number.isFinite(ms) ? dayOfTime(ms) : null;
};

interface Day {
  readonly live: Digesting;
  readonly rebuilt: Digesting;
  differing: number;
}

/** Digests by day. */
export interface Days {
  /** Takes a document of both sides; `undefined` where there is none. */
  take(key: string, live: string | undefined, rebuilt: string | undefined): void;
  /** In their order; those of no day come first. */
  value(): readonly DayComparison[];
}

/** Counts and digests documents of a view by the day that they tell of. */
export const createDays = (view: string): Days => {
  const days = new Map<string | null, Day>();
  const on = (day: string | null): Day => {
    const found = days.get(day) ?? { live: startDigest(), rebuilt: startDigest(), differing: 0 };
    days.set(day, found);
    return found;
  };
  return {
    take(key, live, rebuilt) {
      const liveDay = live === undefined ? undefined : dayOf(live);
      const day = rebuilt === undefined ? undefined : dayOf(rebuilt);
      if (live !== undefined && liveDay !== undefined) on(liveDay).live.add(key, live);
      if (rebuilt !== undefined && day !== undefined) on(day).rebuilt.add(key, rebuilt);
      // Where the log has it, if it has it.
      if (live !== rebuilt) on((day === undefined ? liveDay : day) ?? null).differing += 1;
    },
    value: () =>
      [...days]
        .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
        .map(([day, { live, rebuilt, differing }]) => ({
          category: categoryOfView(view),
          day,
          live: live.value(),
          rebuilt: rebuilt.value(),
          differing,
        })),
  };
};
