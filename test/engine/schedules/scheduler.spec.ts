import { describe, expect, it } from 'vitest';
import { scheduledIdOf } from '../../../src/domain/uuid.ts';
import { streamOf } from '../../../src/domain/stream.ts';
import { handClock } from '../../spec/clock.ts';
import { CALLER, historyOf, recordedOf, seen } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { NINE, openScheduling, storyOf, tidy } from './scheduling.ts';

const MINUTE = 60_000;
const minute = (n: number): number => NINE + n * MINUTE;
const idOf = (n: number): string => scheduledIdOf('tidy', minute(n));

describe('a workflow with a schedule', () => {
  it('is started when its time has come, and told which time that is', async () => {
    const log = await temporaryLog();
    const { clock, register, sleeps, end } = openScheduling({ log });
    clock.advance(10);
    await register(tidy());
    await sleeps(minute(1));
    expect(await storyOf(log)).toEqual([]);
    clock.advance(MINUTE);
    await sleeps(minute(2));
    const { state } = await end(idOf(1));
    expect(state).toMatchObject({
      trigger: 'schedule',
      event: { due_at: '2026-01-31T09:01:00.000Z' },
      variables: { at: '2026-01-31T09:01:00.000Z' },
    });
    const [first] = await recordedOf(log, idOf(1));
    expect(first?.commit.metadata.actor).toEqual({ id: 'schedule', kind: 'trigger', via: 'internal' });
    const [event] = await log.read(streamOf('schedule', 'tidy'));
    expect(event).toMatchObject({
      type: 'schedule.fired',
      facts: {
        dueAt: minute(1),
        until: minute(1),
        waiting: 0,
        execution: idOf(1),
        definition: state.definition,
      },
      commit: { metadata: { definition: state.definition, $correlationId: 'tidy' } },
    });
    clock.advance(MINUTE);
    await sleeps(minute(3));
    expect(await storyOf(log)).toEqual(['schedule.fired 1', 'schedule.fired 2']);
  });

  it('goes by the version that is run: it has none once that has none', async () => {
    const log = await temporaryLog();
    const { clock, register, sleeps } = openScheduling({ log });
    await register(tidy());
    await sleeps(minute(1));
    await register(tidy().replace('"* * * * *"', '"*/5 * * * *"'));
    await sleeps(minute(5));
    expect(clock.due).toEqual([minute(5)]);
    await register('workflow: tidy\nactivities: [{ name: clean }]\n');
    await expect.poll(() => clock.due).toEqual([]);
  });

  it('is started for a time that was decided before it was retired', async () => {
    const log = await temporaryLog();
    const { clock, register, sleeps, definitions } = openScheduling({
      log,
      over: {
        append: async (commit) => {
          const appended = await log.append(commit);
          if (commit.stream.startsWith('schedule-'))
            await definitions.change('tidy', { type: 'retire', number: undefined, reason: 'over' }, CALLER);
          return appended;
        },
      },
    });
    await register(tidy());
    await sleeps(minute(1));
    clock.advance(MINUTE);
    const ended = await seen(log, idOf(1), ({ type }) => type === 'execution.completed');
    expect(ended.type).toBe('execution.completed');
  });
});

/** A node that has decided what the first minute starts, and gets no further before `stuck` is resolved. */
const decidedAndStuck = async () => {
  const log = await temporaryLog();
  const clock = handClock(NINE);
  const stuck = Promise.withResolvers<void>();
  const first = openScheduling({
    log,
    clock,
    over: {
      append: async (commit) => {
        if (commit.stream.startsWith('execution-')) await stuck.promise;
        return log.append(commit);
      },
    },
  });
  await first.register(tidy());
  await first.sleeps(minute(1));
  clock.advance(MINUTE);
  await expect.poll(() => storyOf(log)).toEqual(['schedule.fired 1']);
  return { log, clock, first, stuck };
};

describe('a restart', () => {
  it('starts what was decided and not started, and nothing twice', async () => {
    const { log, clock, first, stuck } = await decidedAndStuck();
    const second = openScheduling({ log, clock, space: 2 });
    await second.definitions.preload(['tidy']);
    await second.sleeps(minute(2));
    await second.end(idOf(1));
    // Whoever was away comes too late.
    stuck.resolve();
    await first.sleeps(minute(2));
    const { events } = await second.end(idOf(1));
    expect(events.filter(({ type }) => type === 'execution.started')).toHaveLength(1);
    expect(await storyOf(log)).toEqual(['schedule.fired 1']);
  });

  it('starts what was decided, though its workflow was retired by then', async () => {
    const { log, clock, first, stuck } = await decidedAndStuck();
    await first.definitions.change('tidy', { type: 'retire', number: undefined, reason: 'over' }, CALLER);
    const second = openScheduling({ log, clock, space: 2 });
    await second.definitions.preload(['tidy']);
    second.scheduler.lookAll();
    await seen(log, idOf(1), ({ type }) => type === 'execution.completed');
    stuck.resolve();
    expect(await storyOf(log)).toEqual(['schedule.fired 1']);
  });

  it('within a minute misses nothing; after more it does, unless that is made up for', async () => {
    const log = await temporaryLog();
    const clock = handClock(NINE);
    const first = openScheduling({ log, clock });
    await first.register(tidy());
    await first.sleeps(minute(1));
    await first.scheduler.close();
    clock.advance(MINUTE + 20_000);
    const second = openScheduling({ log, clock, space: 2 });
    await second.definitions.preload(['tidy']);
    await second.sleeps(minute(2));
    await second.end(idOf(1));
    await second.scheduler.close();
    clock.advance(10 * MINUTE);
    const third = openScheduling({ log, clock, space: 3 });
    await third.definitions.preload(['tidy']);
    await third.sleeps(minute(12));
    await third.end(idOf(11));
    expect(await storyOf(log)).toEqual(['schedule.fired 1', 'schedule.missed', 'schedule.fired 11']);
    await third.register(tidy(', catch_up: all, overlap: allow'));
    await third.sleeps(minute(12));
    await third.scheduler.close();
    clock.advance(3 * MINUTE);
    const fourth = openScheduling({ log, clock, space: 4 });
    await fourth.definitions.preload(['tidy']);
    await fourth.sleeps(minute(15));
    expect((await storyOf(log)).slice(3)).toEqual([
      'schedule.fired 12',
      'schedule.fired 13',
      'schedule.fired 14',
    ]);
  });
});

describe('two nodes that both believe a schedule to be theirs', () => {
  it('start each time once', async () => {
    const log = await temporaryLog();
    const clock = handClock(NINE);
    const nodes = [openScheduling({ log, clock }), openScheduling({ log, clock, space: 2 })] as const;
    await nodes[0].register(tidy(', overlap: allow'));
    await nodes[1].definitions.preload(['tidy']);
    for (const n of [1, 2, 3]) {
      await expect.poll(() => clock.due.filter((at) => at === minute(n)).length).toBe(2);
      clock.advance(minute(n) - clock.now());
    }
    await expect.poll(() => clock.due.filter((at) => at === minute(4)).length).toBe(2);
    expect(await storyOf(log)).toEqual(['schedule.fired 1', 'schedule.fired 2', 'schedule.fired 3']);
    for (const n of [1, 2, 3]) {
      const started = (await historyOf(log, idOf(n))).filter(({ type }) => type === 'execution.started');
      expect(started).toHaveLength(1);
    }
  });
});

describe('a schedule of another node', () => {
  it('is left alone until it is this node’s for certain', async () => {
    const log = await temporaryLog();
    let mine = false;
    const held = Promise.withResolvers<boolean>();
    const owned = {
      owns: () => true,
      holds: () => mine,
      takes: () => mine,
      whenHeld: () => held.promise,
    };
    const { clock, register, sleeps } = openScheduling({ log, owned });
    await register(tidy());
    clock.advance(MINUTE);
    expect(clock.due).toEqual([]);
    mine = true;
    held.resolve(true);
    await sleeps(minute(2));
    expect(await storyOf(log)).toEqual(['schedule.fired 1']);
  });
});

const WAITS = '  - name: rest\n    wait: { signal: go }\n';

describe('a run that takes longer than the time between two', () => {
  it('lets times be skipped', async () => {
    const log = await temporaryLog();
    const { clock, register, sleeps, engine } = openScheduling({ log });
    await register(tidy('', WAITS));
    for (const n of [1, 2, 3]) {
      await sleeps(minute(n));
      clock.advance(minute(n) - clock.now());
    }
    await sleeps(minute(4));
    await engine.executions.handle(idOf(1), { type: 'signal', signal: 'go', payload: null });
    clock.advance(MINUTE);
    await sleeps(minute(5));
    expect(await storyOf(log)).toEqual([
      'schedule.fired 1',
      'schedule.skipped 2',
      'schedule.skipped 3',
      'schedule.fired 4',
    ]);
  });

  it('lets times wait, which start as soon as it has ended, also after a restart', async () => {
    const log = await temporaryLog();
    const clock = handClock(NINE);
    const first = openScheduling({ log, clock });
    await first.register(tidy(', overlap: queue', WAITS));
    for (const n of [1, 2, 3]) {
      await first.sleeps(minute(n));
      clock.advance(minute(n) - clock.now());
    }
    await first.sleeps(minute(4));
    await first.engine.executions.handle(idOf(1), { type: 'signal', signal: 'go', payload: null });
    const story = ['schedule.fired 1', 'schedule.queued 2', 'schedule.queued 3', 'schedule.fired 2'];
    await expect.poll(() => storyOf(log)).toEqual(story);
    await first.scheduler.close();
    const second = openScheduling({ log, clock, space: 2 });
    await second.definitions.preload(['tidy']);
    await second.sleeps(minute(4));
    await second.engine.executions.handle(idOf(2), { type: 'signal', signal: 'go', payload: null });
    await expect.poll(() => storyOf(log)).toEqual([...story, 'schedule.fired 3']);
  });
});

describe('a schedule that is paused', () => {
  it('starts nothing, also after a restart, until it is resumed', async () => {
    const log = await temporaryLog();
    const clock = handClock(NINE);
    const first = openScheduling({ log, clock });
    await first.register(tidy(', catch_up: all'));
    await first.sleeps(minute(1));
    await first.change('tidy', 'pause');
    await expect.poll(() => clock.due).toEqual([]);
    await first.scheduler.close();
    clock.advance(5 * MINUTE + 1);
    const second = openScheduling({ log, clock, space: 2 });
    await second.definitions.preload(['tidy']);
    await second.change('tidy', 'resume');
    await second.sleeps(minute(6));
    expect(await storyOf(log)).toEqual(['schedule.paused', 'schedule.resumed']);
    clock.advance(MINUTE);
    await second.sleeps(minute(7));
    expect((await storyOf(log)).at(-1)).toBe('schedule.fired 6');
  });
});

describe('a schedule with a long history', () => {
  it('is read from its end, as far as it has to be', async () => {
    const log = await temporaryLog();
    const { clock, register, sleeps, schedules } = openScheduling({ log });
    await register(tidy(', overlap: queue', WAITS));
    for (let n = 1; n <= 260; n += 1) {
      await sleeps(minute(n));
      clock.advance(minute(n) - clock.now());
    }
    await sleeps(minute(261));
    const { state, head } = await schedules.load('tidy');
    expect(head.revision).toBe(259);
    expect(state).toEqual({
      until: minute(260),
      waiting: Array.from({ length: 100 }, (_, n) => minute(2 + n)),
      last: { execution: idOf(1), definition: state.last?.definition, dueAt: minute(1) },
      isPaused: false,
    });
  });
});
