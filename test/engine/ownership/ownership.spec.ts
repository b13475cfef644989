import { describe, expect, it } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { NO_STREAM, seal } from '../../../src/domain/chain.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';
import { LEASE, openCluster, type SpecCluster } from './cluster.ts';
import { idIn } from './ids-in.ts';

const ALL = [0, 1, 2, 3];
const MINUTE = 60_000;

const pair = async (cluster: SpecCluster) => {
  const a = cluster.start('a');
  await cluster.until(() => a.partitions().length === 4 && a.folds());
  const b = cluster.start('b');
  await cluster.until(() => a.partitions().length === 2 && b.partitions().length === 2);
  return { a, b };
};

/** Revisions of the streams of leases, those of the partitions first. */
const partitionStreams = (log: EventLog, count: number): Promise<readonly number[]> =>
  Promise.all(
    [...Array.from({ length: count }, (_, n) => String(n)), 'views'].map(
      async (name) => (await log.head(`partition-${name}`))?.revision ?? -1,
    ),
  );

describe('a node', () => {
  it('has everything while it is alone, and keeps it', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    expect(a.told).toEqual(['gained 0,1,2,3']);
    await cluster.pass(5 * LEASE);
    expect(a.partitions()).toEqual(ALL);
    expect(a.told).toEqual(['gained 0,1,2,3']);
    expect(a.ownership.list()).toMatchObject([{ name: 'a', self: true, partitions: ALL, folds: true }]);
  });

  it('makes room for one that joins, one partition after the other, and both say who has what', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    expect([...a.partitions(), ...b.partitions()].toSorted((x, y) => x - y)).toEqual(ALL);
    expect(a.told.slice(1)).toEqual(['drained 3', 'lost 3', 'drained 2', 'lost 2']);
    expect([a.folds(), b.folds()]).toEqual([true, false]);
    await cluster.pass(3 * LEASE);
    const shares = [
      { name: 'a', partitions: [0, 1], folds: true },
      { name: 'b', partitions: [2, 3], folds: false },
    ];
    expect(a.ownership.list()).toMatchObject(shares);
    expect(b.ownership.list()).toMatchObject(shares);
  });

  it('keeps a partition whose calls do not end in time', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    a.drains(promise);
    const b = cluster.start('b');
    await cluster.until(() => a.told.includes('drained 3'));
    expect(a.ownership.takes(idIn(3))).toBe(false);
    expect(a.ownership.holds(idIn(3))).toBe(true);
    await cluster.pass(2 * LEASE);
    expect(a.partitions()).toEqual(ALL);
    resolve(false);
    await cluster.until(() => a.told.includes('kept 3'));
    a.drains(Promise.resolve(true));
    await cluster.until(() => b.partitions().length === 2);
  });

  it('says with one event for all its leases that they go on', async () => {
    const cluster = await openCluster();
    const [a, b] = [cluster.start('a', { count: 16 }), cluster.start('b', { count: 16 })];
    await cluster.until(() => a.partitions().length === 8 && b.partitions().length === 8);
    const [streams, before] = [await partitionStreams(cluster.log, 16), await cluster.log.end()];
    const spoken = (await cluster.log.head('partition-nodes'))?.revision ?? -1;
    await cluster.pass(10 * LEASE);
    expect(await partitionStreams(cluster.log, 16)).toEqual(streams);
    expect(await cluster.log.end()).toBeGreaterThan(before);
    const said = ((await cluster.log.head('partition-nodes'))?.revision ?? -1) - spoken;
    expect(said).toBeGreaterThanOrEqual(2 * 10 * 2);
    expect(said).toBeLessThanOrEqual(2 * 10 * 3 + 2);
    expect([a.partitions().length, b.partitions().length]).toEqual([8, 8]);
  });

  it('takes nothing that another holds, though it has not been told for long that this is so', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4 && a.folds());
    const b = cluster.start('b', { serves: false });
    b.mute();
    await cluster.pass(5 * LEASE);
    expect([a.folds(), b.folds()]).toEqual([true, false]);
  });

  it('asks for each lease anew when it could not say in time that they go on', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    const streams = await partitionStreams(cluster.log, 4);
    const { promise, resolve } = Promise.withResolvers<void>();
    a.delay(promise);
    // It began to say so in time, and that would count from then.
    await cluster.pass(1.05 * LEASE);
    expect(a.partitions()).toEqual([]);
    resolve();
    await cluster.until(() => a.partitions().length === 4);
    expect(await partitionStreams(cluster.log, 4)).toEqual(streams.map((revision) => revision + 1));
  });

  it('hands over at once what it releases', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    const before = cluster.clock.now();
    a.ownership.leave();
    await a.ownership.release();
    await a.ownership.close();
    await cluster.until(() => b.partitions().length === 4 && b.folds());
    expect(cluster.clock.now() - before).toBeLessThan(LEASE / 3);
    expect(a.partitions()).toEqual([]);
  });
});

describe('a node that cannot follow the log', () => {
  it('gives up everything, partitions when their calls have ended or had their time, and takes nothing more', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    a.drains(Promise.resolve(false));
    a.outdate();
    await cluster.until(() => b.partitions().length === 4 && b.folds());
    expect(a.logged).toContain('The log cannot be followed; this node gives up everything that it has.');
    expect(a.told.slice(-4).toSorted()).toEqual(['drained 0', 'drained 1', 'lost 0', 'lost 1']);
    expect(a.folds()).toBe(false);
    await cluster.pass(3 * LEASE);
    expect(b.partitions()).toEqual(ALL);
  });
});

describe('a node that the log is away for', () => {
  it('holds nothing for certain before others can take it, and forgets it when they have', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    a.cutOff(true);
    await cluster.until(() => a.partitions().length === 0);
    expect(b.partitions()).toEqual([2, 3]);
    const held = a.ownership.whenHeld(idIn(0));
    expect(a.ownership.owns(idIn(0))).toBe(true);
    await cluster.until(() => b.partitions().length === 4 && b.folds());
    expect(await held).toBe(false);
    await cluster.until(() => a.told.includes('lost 0') && a.told.includes('lost 1') && !a.folds());
    expect(a.ownership.owns(idIn(0))).toBe(false);
    expect(a.logged).toContain('A partition was taken over.');
    a.cutOff(false);
    await cluster.until(() => a.partitions().length === 2);
  });

  it('goes on with what nobody has taken', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    a.cutOff(true);
    await cluster.pass(3 * LEASE);
    expect(a.partitions()).toEqual([]);
    const held = a.ownership.whenHeld(idIn(0));
    a.cutOff(false);
    await cluster.until(() => a.partitions().length === 4);
    expect(await held).toBe(true);
    expect(a.told).toEqual(['gained 0,1,2,3']);
  });

  it('takes nothing of others that the log was away for as well', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    a.cutOff(true);
    b.cutOff(true);
    await cluster.pass(3 * LEASE);
    b.cutOff(false);
    await cluster.until(() => b.partitions().length === 2);
    await cluster.pass(LEASE / 2);
    a.cutOff(false);
    await cluster.until(() => a.partitions().length === 2);
    await cluster.pass(3 * LEASE);
    expect(a.told.filter((told) => told.startsWith('lost'))).toEqual(['lost 3', 'lost 2']);
    expect(b.partitions()).toEqual([2, 3]);
  });

  it('trusts no clock that was set back', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    a.skip(LEASE);
    expect(a.partitions()).toEqual([]);
    await cluster.until(() => a.partitions().length === 4);
  });
});

describe('a node whose clock says something else than those of others', () => {
  it.each([10 * MINUTE, -10 * MINUTE])(
    'takes nothing that another holds, and takes over when it is gone: %i ms',
    async (ahead) => {
      const cluster = await openCluster();
      const a = cluster.start('a');
      await cluster.until(() => a.partitions().length === 4);
      const b = cluster.start('b', { ahead });
      await cluster.until(() => b.partitions().length === 2);
      await cluster.pass(5 * LEASE);
      expect(a.partitions()).toEqual([0, 1]);
      expect(a.folds()).toBe(true);
      expect(a.told.filter((told) => told.startsWith('lost'))).toEqual(['lost 3', 'lost 2']);
      a.cutOff(true);
      const gone = cluster.clock.now();
      await cluster.until(() => b.partitions().length === 4 && b.folds());
      expect(cluster.clock.now() - gone).toBeLessThan(3 * LEASE);
      expect(a.partitions()).toEqual([]);
    },
  );
});

describe('a node of a name that is in use', () => {
  it('takes over from an earlier process at once, which then takes nothing more', async () => {
    const cluster = await openCluster();
    const old = cluster.start('a', { boot: 1 });
    await cluster.until(() => old.partitions().length === 4);
    const before = cluster.clock.now();
    const young = cluster.start('a', { boot: 2 });
    await cluster.until(() => young.partitions().length === 4);
    expect(cluster.clock.now() - before).toBeLessThan(LEASE / 3);
    await cluster.until(() => old.told.length === 5);
    expect(old.logged).toContain('Another process runs as this node; this one takes nothing more.');
    await young.ownership.release();
    await cluster.pass(3 * LEASE);
    expect(old.partitions()).toEqual([]);
  });

  it('takes over also when its clock was set back since the other one started', async () => {
    const cluster = await openCluster();
    const old = cluster.start('a', { boot: 9 });
    await cluster.until(() => old.partitions().length === 4);
    const young = cluster.start('a', { boot: 3 });
    await cluster.until(() => young.partitions().length === 4 && young.folds());
    expect(old.partitions()).toEqual([]);
    expect(old.logged).toContain('Another process runs as this node; this one takes nothing more.');
    await cluster.pass(3 * LEASE);
    expect(young.partitions()).toEqual(ALL);
  });

  it('is refused when it counts other partitions than those that are alive', async () => {
    const cluster = await openCluster();
    const a = cluster.start('a');
    await cluster.until(() => a.partitions().length === 4);
    const b = cluster.start('b', { count: 8 });
    await expect(b.ownership.joined).rejects.toThrow(
      'Expected 4 partitions, as "a" counts them, but SAGALOG_PARTITIONS is 8.',
    );
  });
});

describe('what other nodes write', () => {
  it('is told of to the node whose execution it is, by commit, and to all when it is a definition', async () => {
    const cluster = await openCluster();
    const { a, b } = await pair(cluster);
    const ids = countingIds(0.5, 9);
    const append = (node: string, stream: string, types: readonly string[], boot?: string) => {
      const by = { a, b }[node]?.ownership.boot ?? '';
      const metadata = createEnvelopes(node, ids, () => boot ?? by).open(
        'x',
        undefined,
        'default',
        handClock().now(),
      );
      const events = types.map((type) => ({ type, facts: {} }));
      return cluster.log.append(seal(stream, NO_STREAM, events, metadata));
    };
    await append('b', `execution-${idIn(0)}`, ['execution.started', 'step.queued']);
    await append('a', `execution-${idIn(1)}`, ['execution.started']);
    await append('a', `execution-${idIn(2)}`, ['execution.started']);
    await append('a', `execution-${idIn(4, 8)}`, ['execution.started'], 'an earlier process of a');
    await append('b', 'workflow-w', ['workflow.registered']);
    await cluster.until(() => a.told.includes('registered w'));
    await cluster.until(() => b.told.some((told) => told.startsWith('changed')));
    expect(a.told.filter((told) => told.startsWith('changed'))).toEqual([
      `changed ${idIn(0)}@1`,
      `changed ${idIn(4, 8)}@0`,
    ]);
    expect(b.told.filter((told) => told.startsWith('changed'))).toEqual([`changed ${idIn(2)}@0`]);
    expect(b.told).not.toContain('registered w');
  });
});
