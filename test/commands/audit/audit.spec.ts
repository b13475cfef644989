import { describe, expect, it } from 'vitest';
import { holdAppends } from '../../spec/held-appends.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { handClock } from '../../spec/clock.ts';
import { commitsOf } from '../stored.ts';
import { auditOn, callerOf, historyOf } from './parts.ts';

const STREAM = 'audit-20260131';
const DAY = 86_400_000;

describe('who reads what', () => {
  it('is stored a tenth of a second later at most, all of it in one commit, what is alike once', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    const at = audit.clock.now();
    audit.note(historyOf('e1'), callerOf('r1'));
    audit.note(historyOf('e1'), callerOf('r1'));
    audit.note(historyOf('e2'), callerOf('r1'));
    audit.clock.advance(99);
    expect(await log.read(STREAM)).toEqual([]);
    audit.clock.advance(1);
    await expect.poll(async () => (await log.read(STREAM)).length).toBe(3);
    await audit.close();
    const [commit, ...more] = await commitsOf(log, STREAM);
    expect(more).toEqual([]);
    expect(commit?.metadata).toMatchObject({ actor: { id: 'engine' }, tenant: 'default' });
    const facts = {
      what: 'history',
      operation: 'events',
      target: 'e1',
      workflow: 'orders',
      actor: 'ann@example.org',
      kind: 'user',
      via: 'jwt',
      tenant: 'acme',
      request: 'r1',
      at,
      times: 2,
    };
    const payload = { address: '203.0.113.9', reason: 'a ticket' };
    expect(commit?.events).toEqual([
      { type: 'audit.day_began', facts: {} },
      { type: 'audit.read', facts, payload },
      { type: 'audit.read', facts: { ...facts, target: 'e2', times: 1 }, payload },
    ]);
  });

  it('is stored by its time, however much comes', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    for (const request of ['r1', 'r2', 'r3']) {
      audit.note(historyOf('e1'), callerOf(request));
      audit.clock.advance(40);
    }
    await audit.close();
    expect((await commitsOf(log, STREAM)).map(({ events }) => events.length)).toEqual([4]);
    expect(audit.clock.due).toEqual([]);
  });

  it('is durable once it is recorded, with what was noted before', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    audit.note(historyOf('e1'), callerOf('r1'));
    await audit.record({ what: 'export', target: '' }, callerOf('r2'));
    const events = (await log.read(STREAM)).map(({ facts }) => facts['target']);
    expect(events).toEqual([undefined, 'e1', '']);
  });

  it('is stored of what is done, too, where no other event tells of it', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    await audit.record(
      { what: undefined, target: 'executions', operation: 'rebuildProjection' },
      callerOf('r1'),
    );
    const [, acted] = await log.read(STREAM);
    expect(acted).toMatchObject({
      type: 'audit.acted',
      facts: { operation: 'rebuildProjection', target: 'executions', actor: 'ann@example.org', times: 1 },
    });
    expect(acted?.facts).not.toHaveProperty('what');
  });

  it('is refused once more waits than can be kept, and taken again when that is stored', async () => {
    const log = await temporaryLog();
    const { decorate, begun, release } = holdAppends();
    const audit = auditOn(decorate(log), undefined, { most: 2 });
    const recorded = audit.record(historyOf('e0'), callerOf('r0'));
    await begun;
    audit.note(historyOf('e1'), callerOf('r1'));
    audit.note(historyOf('e2'), callerOf('r1'));
    expect(() => audit.note(historyOf('e3'), callerOf('r1'))).toThrow('nothing was read');
    audit.note(historyOf('e2'), callerOf('r1'));
    release();
    await recorded;
    audit.clock.advance(100);
    await expect.poll(async () => (await log.read(STREAM)).length).toBe(4);
    await audit.record(historyOf('e3'), callerOf('r1'));
    await audit.close();
    const events = await log.read(STREAM);
    expect(events.map(({ facts }) => [facts['target'], facts['times']])).toEqual([
      [undefined, undefined],
      ['e0', 1],
      ['e1', 1],
      ['e2', 2],
      ['e3', 1],
    ]);
  });

  it('waits for nothing when many wait already', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    for (let n = 1; n < 50; n += 1) audit.note(historyOf(`e${n}`), callerOf('r1'));
    expect(audit.clock.due).toHaveLength(1);
    audit.note(historyOf('e50'), callerOf('r1'));
    await expect.poll(async () => (await log.read(STREAM)).length).toBe(51);
    expect(audit.clock.due).toEqual([]);
  });

  it('is tried again a second later when it could not be stored, though nobody reads more', async () => {
    const log = await temporaryLog();
    const failures = [new Error('The disk is full.')];
    const append: typeof log.append = (...asked) => {
      const failure = failures.pop();
      return failure === undefined ? log.append(...asked) : Promise.reject(failure);
    };
    const audit = auditOn({ ...log, append });
    audit.note(historyOf('e1'), callerOf('r1'));
    audit.clock.advance(100);
    await audit.clock.armed(audit.clock.now() + 1_000);
    expect(failures).toEqual([]);
    // What cannot be stored is not tried more often since more comes.
    failures.push(new Error('The disk is still full.'));
    for (let n = 1; n <= 60; n += 1) audit.note(historyOf(`e${n}`), callerOf('r1'));
    expect(audit.clock.due).toEqual([audit.clock.now() + 1_000]);
    expect(failures).toHaveLength(1);
    audit.clock.advance(1_000);
    await audit.clock.armed(audit.clock.now() + 1_000);
    expect(await log.read(STREAM)).toEqual([]);
    audit.clock.advance(1_000);
    await expect
      .poll(async () => (await log.read(STREAM)).map(({ facts }) => facts['target']))
      .toContain('e1');
    await audit.close();
    const events = await log.read(STREAM);
    expect(events).toHaveLength(61);
    expect(events.find(({ facts }) => facts['target'] === 'e1')?.facts).toMatchObject({ times: 2 });
  });

  it('is taken no more once it is closed', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    audit.note(historyOf('e1'), callerOf('r1'));
    await audit.close();
    expect(await log.read(STREAM)).toHaveLength(2);
    expect(() => audit.note(historyOf('e2'), callerOf('r1'))).toThrow('it stops');
    await expect(audit.record(historyOf('e2'), callerOf('r1'))).rejects.toThrow('it stops');
  });

  it('is stored by several nodes in one stream, and none of it is lost', async () => {
    const log = await temporaryLog();
    const clock = handClock();
    const nodes = [1, 2, 3].map((space) => auditOn(log, clock, { space }));
    const targets = Array.from({ length: 8 }, (_, n) => `e${n}`);
    for (const target of targets)
      await Promise.all(nodes.map((node) => node.record(historyOf(target), callerOf('r1'))));
    const reads = (await log.read(STREAM)).filter(({ type }) => type === 'audit.read');
    expect(reads.map(({ facts }) => facts['target'] as string).toSorted()).toEqual(
      targets.flatMap((target) => [target, target, target]),
    );
    expect(await log.read(STREAM)).toHaveLength(25);
    await commitsOf(log, STREAM);
  });

  it('goes on from the end of the last day that has any', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    await audit.record(historyOf('e1'), callerOf('r1'));
    audit.clock.advance(3 * DAY);
    await audit.record(historyOf('e2'), callerOf('r2'));
    const [began] = await log.read('audit-20260203');
    expect(began).toMatchObject({
      type: 'audit.day_began',
      facts: { previous: STREAM, ...(await log.head(STREAM)) },
    });
  });
});
