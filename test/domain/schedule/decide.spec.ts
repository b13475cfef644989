import { describe, expect, it } from 'vitest';
import { timesOf, type CatchUp, type Overlap } from '../../../src/domain/definition/schedule.ts';
import {
  decideSchedule,
  GRACE,
  MOST,
  nextTurn,
  type NextTurn,
  type Scheduled,
} from '../../../src/domain/schedule/decide.ts';
import { latestDue } from '../../../src/domain/schedule/due.ts';
import type { ScheduleEvent } from '../../../src/domain/schedule/events.ts';
import {
  evolveSchedule,
  isWhole,
  UNSCHEDULED,
  type ScheduleState,
} from '../../../src/domain/schedule/state.ts';
import { scheduledIdOf } from '../../../src/domain/uuid.ts';

const MINUTE = 60_000;
const NINE = Date.UTC(2026, 0, 31, 9);
const at = (minutes: number): number => NINE + minutes * MINUTE;

const scheduled = (overlap: Overlap = 'skip', catchUp: CatchUp = 'none', since = NINE): Scheduled => ({
  workflow: 'tidy',
  definition: 'sha256:1',
  schedule: {
    cron: '* * * * *',
    timeZone: 'UTC',
    overlap,
    catchUp,
    next: timesOf('* * * * *', 'UTC'),
  },
  since,
});

interface Given {
  readonly of?: Scheduled;
  readonly history?: readonly ScheduleEvent[];
  readonly now: number;
  readonly isRunning?: boolean;
}

const fold = (history: readonly ScheduleEvent[]): ScheduleState =>
  Object.freeze(history.reduce((state, event) => Object.freeze(evolveSchedule(state, event)), UNSCHEDULED));

const when = ({ of = scheduled(), history = [], now, isRunning = false }: Given): NextTurn =>
  nextTurn(fold(history), of, { now, isRunning });

/** All that follows at a time, and the minutes that it is about. */
const played = (given: Given): { readonly types: readonly string[]; readonly state: ScheduleState } => {
  const history = [...(given.history ?? [])];
  const types: string[] = [];
  for (;;) {
    const { event } = when({ ...given, history });
    if (event === undefined) return { types, state: fold(history) };
    history.push(event);
    const minute = 'dueAt' in event.facts ? (event.facts.dueAt - NINE) / MINUTE : '';
    types.push(`${event.type} ${minute}`.trim());
  }
};

const fired = (minute: number, until = minute, waiting = 0): ScheduleEvent => ({
  type: 'schedule.fired',
  facts: {
    workflow: 'tidy',
    until: at(until),
    waiting,
    dueAt: at(minute),
    definition: 'sha256:1',
    execution: scheduledIdOf('tidy', at(minute)),
  },
});

const queued = (minute: number, waiting: number): ScheduleEvent => ({
  type: 'schedule.queued',
  facts: { workflow: 'tidy', until: at(minute), waiting, dueAt: at(minute) },
});

const decided = (type: 'schedule.paused' | 'schedule.resumed', minute: number): ScheduleEvent => ({
  type,
  facts: { workflow: 'tidy', until: at(minute), waiting: 0 },
  payload: { reason: 'because' },
});

describe('a time of a schedule', () => {
  it('is waited for', () => {
    expect(when({ now: at(0) + 1 })).toEqual({ wakeAt: at(1), untilEnded: undefined });
    expect(when({ now: at(1) - 1 })).toEqual({ wakeAt: at(1), untilEnded: undefined });
  });

  it('starts an execution whose id follows from workflow and time, once', () => {
    expect(when({ now: at(1) })).toEqual({ event: fired(1) });
    expect(when({ now: at(1), history: [fired(1)] })).toEqual({ wakeAt: at(2), untilEnded: undefined });
  });

  it('of before the schedule was is none', () => {
    expect(when({ now: at(1), of: scheduled('skip', 'all', at(1)) })).toEqual({
      wakeAt: at(2),
      untilEnded: undefined,
    });
  });

  it('is not dealt with again when the clock is set back', () => {
    expect(when({ now: at(-90), history: [fired(1)] })).toEqual({ wakeAt: at(2), untilEnded: undefined });
  });
});

describe('a time that comes while the run before goes on', () => {
  const history = [fired(1)];
  const execution = scheduledIdOf('tidy', at(1));

  it('is skipped', () => {
    const skipped = when({ now: at(2), history, isRunning: true });
    expect(skipped).toEqual({
      event: {
        type: 'schedule.skipped',
        facts: {
          workflow: 'tidy',
          until: at(2),
          waiting: 0,
          dueAt: at(2),
          reason: 'overlap',
          execution,
        },
      },
    });
  });

  it('is started beside it where that is allowed', () => {
    expect(played({ of: scheduled('allow'), now: at(2), history }).types).toEqual(['schedule.fired 2']);
  });

  it('is queued, and started when that has ended, the oldest first', () => {
    const of = scheduled('queue');
    const { types, state } = played({ of, now: at(2), history, isRunning: true });
    expect(types).toEqual(['schedule.queued 2']);
    expect(state).toMatchObject({ waiting: [at(2)], until: at(2) });
    const both = [...history, queued(2, 1), queued(3, 2)];
    expect(when({ of, now: at(3), history: both, isRunning: true })).toEqual({
      wakeAt: at(4),
      untilEnded: execution,
    });
    expect(when({ of, now: at(3), history: both })).toEqual({ event: fired(2, 3, 1) });
    expect(when({ of, now: at(3), history: [...both, fired(2, 3, 1)], isRunning: true })).toEqual({
      wakeAt: at(4),
      untilEnded: scheduledIdOf('tidy', at(2)),
    });
  });

  it('is skipped when too many wait', () => {
    const full = [...history, ...Array.from({ length: MOST }, (_, n) => queued(2 + n, n + 1))];
    const now = at(2 + MOST);
    expect(when({ of: scheduled('queue'), now, history: full, isRunning: true })).toMatchObject({
      event: { type: 'schedule.skipped', facts: { reason: 'queue_full', waiting: MOST, dueAt: now } },
    });
  });

  it('waits in vain when the schedule is replaced', () => {
    const of = scheduled('queue', 'none', at(2) + 1);
    expect(when({ of, now: at(2) + 2, history: [...history, queued(2, 1)] })).toMatchObject({
      event: {
        type: 'schedule.skipped',
        facts: { reason: 'changed', waiting: 0, dueAt: at(2), until: at(2) },
      },
    });
  });
});

describe('times that came while nobody looked', () => {
  const now = at(500) + 10;

  it('are missed, except for one that is not late by more than a minute', () => {
    const missed = when({ now, history: [fired(1)] });
    expect(missed).toEqual({
      event: {
        type: 'schedule.missed',
        facts: { workflow: 'tidy', until: now - GRACE - 1, waiting: 0, after: at(1) },
      },
    });
    expect(played({ now, history: [fired(1)] }).types).toEqual(['schedule.missed', 'schedule.fired 500']);
    expect(played({ now: at(2) + GRACE, history: [fired(1)], of: scheduled('allow') }).types).toEqual([
      'schedule.fired 2',
      'schedule.fired 3',
    ]);
  });

  it('are made up for by the last one', () => {
    const of = scheduled('allow', 'last');
    expect(played({ of, now, history: [fired(1)] }).types).toEqual(['schedule.missed', 'schedule.fired 500']);
    expect(played({ of, now: at(2) + 90, history: [fired(1)] }).types).toEqual(['schedule.fired 2']);
  });

  it('are made up for by all, the last hundred at most', () => {
    const of = scheduled('allow', 'all');
    const { types, state } = played({ of, now, history: [fired(1)] });
    expect(types).toEqual([
      'schedule.missed',
      ...Array.from({ length: MOST }, (_, n) => `schedule.fired ${401 + n}`),
    ]);
    expect(state.until).toBe(at(500));
    expect(played({ of, now: at(9), history: [fired(1)] }).types).toHaveLength(8);
  });

  it('are said to be missed only when there were any', () => {
    expect(when({ now: at(1) + 30_000, history: [fired(1)] })).toEqual({
      wakeAt: at(2),
      untilEnded: undefined,
    });
  });
});

describe('a schedule that is paused', () => {
  const paused = fold([fired(1), decided('schedule.paused', 1)]);

  it('starts nothing until it is resumed, and nothing of what came meanwhile', () => {
    const of = scheduled('allow', 'all');
    const history = [fired(1), decided('schedule.paused', 1)];
    expect(when({ of, now: at(9), history })).toEqual({ wakeAt: undefined, untilEnded: undefined });
    const resumed = [...history, decided('schedule.resumed', 9)];
    expect(when({ of, now: at(9), history: resumed })).toEqual({ wakeAt: at(10), untilEnded: undefined });
  });

  it('is so by command, with a reason, once', () => {
    const pause = { type: 'pause', reason: 'a holiday' } as const;
    expect(decideSchedule(fold([fired(1)]), 'tidy', pause, at(5))).toEqual({
      type: 'schedule.paused',
      facts: { workflow: 'tidy', until: at(1), waiting: 0 },
      payload: { reason: 'a holiday' },
    });
    expect(decideSchedule(paused, 'tidy', pause, at(5))).toBeUndefined();
  });

  it('goes on by command from then on, once', () => {
    const resume = { type: 'resume', reason: 'back' } as const;
    expect(decideSchedule(paused, 'tidy', resume, at(5))).toEqual({
      type: 'schedule.resumed',
      facts: { workflow: 'tidy', until: at(5), waiting: 0 },
      payload: { reason: 'back' },
    });
    expect(decideSchedule(fold([fired(1)]), 'tidy', resume, at(5))).toBeUndefined();
  });
});

describe('the last events of a schedule', () => {
  it('say all of it once they have the run before and what waits', () => {
    const history = [fired(1), queued(2, 1), queued(3, 2), fired(2, 3, 1)];
    expect(history.map((_, n) => isWhole(history.slice(n)))).toEqual([true, true, true, false]);
    expect(fold(history.slice(2))).toEqual(fold(history));
  });
});

describe('the latest times of a span', () => {
  it('are found however long it is', () => {
    const yearly = timesOf('0 0 1 1 *', 'UTC');
    const minutely = timesOf('* * * * *', 'UTC');
    expect(latestDue(yearly, Date.UTC(1990), NINE, 2)).toEqual([Date.UTC(2025), Date.UTC(2026)]);
    expect(latestDue(yearly, Date.UTC(2025), NINE, 2)).toEqual([Date.UTC(2026)]);
    expect(latestDue(minutely, Date.UTC(1990), NINE, 1)).toEqual([NINE]);
    expect(latestDue(minutely, NINE, NINE, 1)).toEqual([]);
  });
});
