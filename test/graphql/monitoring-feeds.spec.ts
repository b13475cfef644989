import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/domain/registry.ts';
import { completed, started, WORKFLOW } from '../projections/samples.ts';
import { monitored } from './monitored.ts';

const PAUSE = 200;
/** The end of the day that the clock begins in. */
const MIDNIGHT = Date.UTC(2026, 1, 1);
const DAY = 24 * 3_600_000;
const DONE = { done: true, value: undefined };

const registered = (workflow: string): EventOf<'workflow.registered'> => ({
  type: 'workflow.registered',
  facts: { workflow, definition: 'sha256:abc', number: 1, triggerEvent: '' },
  payload: { source: `workflow: ${workflow}`, document: {} },
});

describe('the feed of counters', () => {
  it('has them as they are, and again once a change is stored', async () => {
    const { clock, feeds, count } = await monitored();
    await count('execution-1', started());
    const source = await feeds.open(undefined, 'UTC');
    expect((await source.next()).value).toMatchObject({
      activeWorkflows: 1,
      completedToday: 0,
      position: 1n,
    });
    const next = source.next();
    await count('execution-1', completed(clock.now() - 40, 40));
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({
      activeWorkflows: 0,
      completedToday: 1,
      averageDuration: 40,
      position: 2n,
    });
    await source.return();
  });

  it('asks once for all who watch the same, and again for all of them when it has changed', async () => {
    const { clock, feeds, count, waitedFor } = await monitored();
    const all = await Promise.all(Array.from({ length: 200 }, () => feeds.open(undefined, 'UTC')));
    expect(waitedFor).toHaveLength(1);
    await Promise.all(all.map((source) => source.next()));
    const next = Promise.all(all.map((source) => source.next()));
    await count('execution-1', started());
    await expect.poll(() => clock.due).toEqual(all.map(() => clock.now() + PAUSE));
    clock.advance(PAUSE);
    for (const { value } of await next) expect(value).toMatchObject({ activeWorkflows: 1, position: 1n });
    // They are woken one after the other: who is woken while the first is answered is answered behind it.
    expect(waitedFor.length).toBeLessThanOrEqual(3);
    await Promise.all(all.map((source) => source.return()));
  });

  it('asks for counters at a position or later when a client comes back', async () => {
    const world = await monitored();
    const source = await world.feeds.open(undefined, 'UTC', 7n);
    await source.next();
    await world.count('execution-1', started());
    const next = source.next();
    await world.clock.armed(world.clock.now() + PAUSE);
    world.clock.advance(PAUSE);
    await next;
    expect(world.waitedFor).toEqual([7n, 7n]);
    await source.return();
  });

  it('has a change that came between the answer and the next pull', async () => {
    const { clock, feeds, count } = await monitored();
    const source = await feeds.open(undefined, 'UTC');
    await source.next();
    await count('execution-1', started());
    const next = source.next();
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({ activeWorkflows: 1 });
    await source.return();
  });

  it('has many changes as one, and asks once for them', async () => {
    const world = await monitored();
    const { clock, feeds, count } = world;
    const source = await feeds.open(undefined, 'UTC');
    await source.next();
    const next = source.next();
    const before = world.queries;
    for (let execution = 0; execution < 20; execution += 1) await count(`execution-${execution}`, started());
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({ activeWorkflows: 20 });
    const further = source.next();
    await turn();
    expect(clock.due).toEqual([MIDNIGHT]);
    expect(world.queries - before).toBe(1);
    await source.return();
    await further;
  });

  it('has those of one workflow alone, and does not ask when another one changes', async () => {
    const world = await monitored();
    const { clock, feeds, count } = world;
    await count(`workflow-${WORKFLOW}`, registered(WORKFLOW));
    const source = await feeds.open(WORKFLOW, 'UTC');
    expect((await source.next()).value).toMatchObject({ workflow: WORKFLOW, activeWorkflows: 0 });
    const next = source.next();
    const before = world.queries;
    await count('execution-1', started('another'));
    await turn();
    expect(clock.due).toEqual([MIDNIGHT]);
    expect(world.queries).toBe(before);
    await count('execution-2', started());
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({ activeWorkflows: 1 });
    await source.return();
  });

  it('asks again when they are folded anew', async () => {
    const world = await monitored();
    const { clock, feeds, count } = world;
    await count(`workflow-${WORKFLOW}`, registered(WORKFLOW));
    const source = await feeds.open(WORKFLOW, 'UTC');
    await source.next();
    const next = source.next();
    const before = world.queries;
    await world.rebuild('active');
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    await expect.poll(() => world.queries).toBe(before + 1);
    await source.return();
    expect(await next).toEqual(DONE);
  });

  it('says nothing of counters that come out as they were', async () => {
    const world = await monitored();
    const { clock, feeds, count } = world;
    await count('execution-1', started());
    const source = await feeds.open(undefined, 'UTC');
    await source.next();
    const next = source.next();
    const before = world.queries;
    await world.rebuild('active');
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    await expect.poll(() => world.queries).toBe(before + 1);
    await count('execution-2', started());
    await clock.armed(clock.now() + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({ activeWorkflows: 2 });
    await source.return();
  });

  it('has those of the new day at midnight of the time zone, though nothing happens', async () => {
    const { clock, feeds, count } = await monitored();
    await count('execution-1', started());
    await count('execution-1', completed(clock.now() - 40, 40));
    const source = await feeds.open(undefined, 'Asia/Tokyo');
    const midnight = Date.UTC(2026, 0, 31, 15);
    expect((await source.next()).value).toMatchObject({
      completedToday: 1,
      today: { from: midnight - DAY, to: midnight },
    });
    const next = source.next();
    await clock.armed(midnight);
    clock.advance(midnight - clock.now());
    await clock.armed(midnight + PAUSE);
    clock.advance(PAUSE);
    expect((await next).value).toMatchObject({ completedToday: 0, today: { from: midnight } });
    await source.return();
  });

  it('is refused for a workflow or a time zone that there is not', async () => {
    const world = await monitored();
    await expect(world.feeds.open('nobody', 'UTC')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    await expect(world.feeds.open(undefined, 'Mars/Olympus')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'timeZone', found: 'Mars/Olympus' },
    });
    expect([world.feeds.watching, world.listeners]).toEqual([0, 0]);
  });

  it('leaves nothing behind, wherever it is left', async () => {
    const world = await monitored();
    const { clock, feeds, count } = world;
    for (let cycle = 0; cycle < 60; cycle += 1) {
      const source = await feeds.open(undefined, 'UTC');
      expect([feeds.watching, world.listeners]).toEqual([1, 1]);
      if (cycle % 2 === 0) await source.next();
      const pending = cycle % 3 === 0 ? source.next() : Promise.resolve(DONE);
      if (cycle % 5 === 0) await count(`execution-${cycle}`, started());
      if (cycle % 7 === 0) await turn();
      await Promise.all([source.return(), source.return()]);
      await pending;
      expect(await source.next()).toEqual(DONE);
    }
    expect([feeds.watching, world.listeners]).toEqual([0, 0]);
    await expect.poll(() => clock.due).toEqual([]);
  });
});
