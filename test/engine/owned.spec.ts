import { describe, expect, it } from 'vitest';
import { OWNS_ALL, type Owned } from '../../src/engine/owned.ts';
import { LogCorrupt } from '../../src/ports/event-log.ts';
import { countingIds } from '../spec/ids.ts';
import { CALLER, historyOf, openEngine, recordedOf, type Run } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const YAML = 'workflow: paid\nactivities:\n  - name: pay\n  - name: thank\n';
const REST = 'workflow: rest\nactivities:\n  - name: rest\n    wait: { for: 1h }\n';

const STEPS = 300;
const LONG = `workflow: long\nactivities:\n${Array.from({ length: STEPS }, (_, n) => `  - { name: s${n}, set: { variables: { n: ${n} } } }\n`).join('')}`;

const NOTHING: Owned = {
  owns: () => false,
  holds: () => false,
  takes: () => false,
  whenHeld: () => Promise.resolve(false),
};

const typesOf = async (...of: Parameters<typeof historyOf>) =>
  (await historyOf(...of)).map(({ type }) => type);

/** A call that ends when it is told to. */
const slowCall = () => {
  const begun = Promise.withResolvers<AbortSignal>();
  const end = Promise.withResolvers<string>();
  const run: Run = ({ signal }) => {
    begun.resolve(signal);
    return end.promise;
  };
  return { run, begun: begun.promise, end: end.resolve };
};

describe('an engine that does not own an execution', () => {
  it('takes commands for it, and leaves what comes next to the owner', async () => {
    const log = await temporaryLog();
    const called: string[] = [];
    const activities = (node: string) => {
      const run: Run = ({ step }) => void called.push(`${node} ${step}`);
      return { pay: run, thank: run };
    };
    const other = openEngine({ log, activities: activities('other'), owned: NOTHING });
    const owner = openEngine({ log, activities: activities('owner'), ids: countingIds(0.5, 2) });
    const { id } = await other.start(YAML);
    expect(await typesOf(log, id)).toEqual(['execution.started', 'step.queued']);
    expect(other.engine.executions.size).toBe(0);

    owner.engine.follow(id, 1);
    await owner.end(id);
    expect(called).toEqual(['owner pay', 'owner thank']);
    const cancelled = other.engine.executions.handle(id, { type: 'cancel', reason: '' }, CALLER);
    await expect(cancelled).rejects.toMatchObject({ code: 'EXECUTION_ENDED' });
    expect(other.errors).toEqual([]);
  });

  it('arms no timer for it', async () => {
    const { start, engine, clock } = openEngine({
      log: await temporaryLog(),
      activities: {},
      owned: NOTHING,
    });
    const { id } = await start(REST);
    await engine.resume(id);
    engine.arm(id, 'rest', clock.now() + 1_000);
    expect(clock.due).toEqual([]);
  });

  it('lets the owner go on with what was signalled elsewhere, and read nothing that it knows', async () => {
    const log = await temporaryLog();
    let reads = 0;
    const counted = {
      ...log,
      read: (...args: Parameters<typeof log.read>) => ((reads += 1), log.read(...args)),
    };
    const owner = openEngine({ log: counted, activities: {} });
    const other = openEngine({ log, activities: {}, owned: NOTHING, ids: countingIds(0.5, 2) });
    const { id } = await owner.start(
      'workflow: asked\nactivities:\n  - name: ask\n    wait: { signal: yes }\n',
    );
    const head = (await recordedOf(log, id)).length - 1;
    reads = 0;
    owner.engine.follow(id, head);
    await owner.engine.executions.settled();
    expect(reads).toBe(0);
    await other.engine.executions.handle(id, { type: 'signal', signal: 'yes', payload: null }, CALLER);
    owner.engine.follow(id, head + 1);
    await owner.engine.ended(id);
    expect(await typesOf(log, id)).toContain('execution.completed');
  });

  it('lets the owner go on with what it had only looked at before it was told of it', async () => {
    const log = await temporaryLog();
    const owner = openEngine({ log, activities: {} });
    const other = openEngine({ log, activities: {}, owned: NOTHING, ids: countingIds(0.5, 2) });
    const { id } = await other.start(REST);
    const head = (await recordedOf(log, id)).length - 1;
    expect((await owner.engine.executions.load(id))?.head.revision).toBe(head);
    owner.engine.follow(id, head);
    await owner.engine.executions.settled();
    expect(owner.clock.due).toEqual([owner.clock.now() + 3_600_000]);
  });

  it.each(['follow', 'resume'] as const)(
    'lets the owner %s what did not fit into one turn, with nothing else under way',
    async (how) => {
      const log = await temporaryLog();
      const owner = openEngine({ log, activities: {} });
      const other = openEngine({ log, activities: {}, owned: NOTHING, ids: countingIds(0.5, 2) });
      const { id } = await other.start(LONG);
      const head = (await recordedOf(log, id)).length - 1;
      expect(head).toBeLessThan(STEPS);
      await owner.engine[how](id, head);
      expect((await owner.end(id)).state.status).toBe('completed');
    },
  );
});

describe('what a turn that was full has left', () => {
  it.each(['', 'timeout: { run: 1h }\n'])('is gone on with whatever limit there is: %j', async (limit) => {
    const log = await temporaryLog();
    const other = openEngine({ log, activities: {}, owned: NOTHING, ids: countingIds(0.5, 2) });
    const { id } = await other.start(LONG.replace('activities', `${limit}activities`));
    expect(await typesOf(log, id)).not.toContain('execution.completed');
    const owner = openEngine({ log, activities: {} });
    await owner.engine.resume(id);
    expect((await owner.end(id)).state.status).toBe('completed');
  });
});

describe('an engine whose lease may be over', () => {
  it.each([
    [true, ['pay'], 'execution.completed'],
    [false, [], 'step.started'],
  ])('calls nothing that it has started before it knows (still its: %s)', async (held, calls, last) => {
    const log = await temporaryLog();
    const called: string[] = [];
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<boolean>();
    const lease = { held: false };
    const owned: Owned = {
      ...OWNS_ALL,
      holds: () => lease.held,
      whenHeld: () => {
        asked.resolve();
        return answer.promise;
      },
    };
    const run: Run = ({ step }) => void called.push(step);
    const { start, engine } = openEngine({ log, activities: { pay: run }, owned });
    const { id } = await start('workflow: paid\nactivities:\n  - name: pay\n');
    await asked.promise;
    expect([called, engine.running]).toEqual([[], 1]);
    lease.held = held;
    answer.resolve(held);
    await expect.poll(() => engine.running).toBe(0);
    await engine.executions.settled();
    expect(called).toEqual(calls);
    expect((await typesOf(log, id)).at(-1)).toBe(last);
  });
});

describe('an engine that has lost executions', () => {
  it('tells their calls to end and records nothing of them, and forgets their timers', async () => {
    const log = await temporaryLog();
    const mine = { owns: true };
    const owned: Owned = {
      owns: () => mine.owns,
      holds: () => mine.owns,
      takes: () => mine.owns,
      whenHeld: () => Promise.resolve(mine.owns),
    };
    const { run, begun, end } = slowCall();
    const { start, engine, clock, errors } = openEngine({ log, activities: { pay: run }, owned });
    const { id } = await start('workflow: paid\nactivities:\n  - name: pay\n');
    const { id: rest } = await start(REST);
    const signal = await begun;
    mine.owns = false;
    engine.forsake(() => true);
    expect(signal.aborted).toBe(true);
    expect([engine.running, engine.executions.size]).toEqual([0, 0]);
    clock.advance(2 * 3_600_000);
    end('too late');
    await engine.drain(0);
    expect((await typesOf(log, id)).at(-1)).toBe('step.started');
    expect((await typesOf(log, rest)).at(-1)).toBe('timer.scheduled');
    expect(errors).toEqual([]);
  });

  it('keeps those of others', async () => {
    const { run, begun, end } = slowCall();
    const under = openEngine({ log: await temporaryLog(), activities: { pay: run } });
    const { id } = await under.start('workflow: paid\nactivities:\n  - name: pay\n');
    await begun;
    under.engine.forsake((other) => other !== id);
    end('done');
    expect((await under.end(id)).types.at(-1)).toBe('execution.completed');
  });
});

describe('an engine that hands executions over', () => {
  it('waits for their calls, and queues what comes next', async () => {
    const log = await temporaryLog();
    const handing = { over: false };
    const owned: Owned = { ...OWNS_ALL, takes: () => !handing.over };
    const { run, begun, end } = slowCall();
    const { start, engine } = openEngine({ log, activities: { pay: run, thank: run }, owned });
    const { id } = await start(YAML);
    await begun;
    handing.over = true;
    const drained = engine.drained((meant) => meant === id, 5_000);
    expect(await engine.drained((meant) => meant !== id, 5_000)).toBe(true);
    end('done');
    expect(await drained).toBe(true);
    expect(await typesOf(log, id)).toEqual([
      'execution.started',
      'step.started',
      'step.completed',
      'step.queued',
    ]);
    handing.over = false;
    await engine.resume(id);
    await engine.ended(id);
  });

  it('says so when they take longer than it may wait', async () => {
    const { run, begun } = slowCall();
    const { start, engine, clock } = openEngine({
      log: await temporaryLog(),
      activities: { pay: run, thank: run },
    });
    await start(YAML);
    await begun;
    const drained = engine.drained(() => true, 5_000);
    clock.advance(5_000);
    expect(await drained).toBe(false);
  });

  it('looks at their calls no more once nobody waits for them', async () => {
    const { run, begun, end } = slowCall();
    const under = openEngine({ log: await temporaryLog(), activities: { pay: run, thank: run } });
    const { start, engine, clock } = under;
    const { id } = await start(YAML);
    await begun;
    let looks = 0;
    const drained = engine.drained((meant) => ((looks += 1), meant === id), 5_000);
    clock.advance(5_000);
    await drained;
    const before = looks;
    end('done');
    await under.end(id);
    await engine.executions.settled();
    expect(looks).toBe(before);
  });

  it('does not wait for a call whose result the log refuses for good', async () => {
    const stored = await temporaryLog();
    const append: typeof stored.append = (commit) =>
      commit.events.some(({ type }) => type === 'step.completed')
        ? Promise.reject(new LogCorrupt('It is not what was written.'))
        : stored.append(commit);
    const { start, engine, errors } = openEngine({
      log: { ...stored, append },
      activities: { pay: () => 'done' },
    });
    const { id } = await start('workflow: paid\nactivities:\n  - name: pay\n');
    await expect.poll(() => errors).toMatchObject([{ executionId: id, err: { code: 'LOG_CORRUPT' } }]);
    expect([engine.running, await engine.drained((meant) => meant === id, 5_000)]).toEqual([0, true]);
  });
});
