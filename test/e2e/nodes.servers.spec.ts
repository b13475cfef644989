import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openEventStoreLog } from '../../src/adapters/eventstoredb/open-event-store-log.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { onOwnMongo } from '../servers/mongodb/on-mongo.ts';
import { followEnds } from './follow-ends.ts';
import { listNodes, sharesOf, sizesOf, startAll, startCluster } from './nodes.ts';
import type { ServerProcess } from './server-process.ts';

const EACH = 120;
const CLI = fileURLToPath(new URL('../../dist/cli/sagalog.js', import.meta.url));

const keysOf = (round: string): readonly string[] => Array.from({ length: EACH }, (_, n) => `${round}-${n}`);

const twice = (values: readonly string[]): readonly string[] =>
  [...Map.groupBy(values, (value) => value)].flatMap(([value, all]) => (all.length > 1 ? [value] : []));

const activeOf = async (server: ServerProcess, waitFor: string): Promise<number> => {
  const { monitoring } = await server.query<{ monitoring: { activeWorkflows: number } }>(
    `query ($waitFor: Position) { monitoring(waitFor: $waitFor) { activeWorkflows } }`,
    { waitFor },
  );
  return monitoring.activeWorkflows;
};

onOwnMongo('many nodes', () => {
  it('end every execution once, whatever happens to one of them', async () => {
    const cluster = await startCluster('1500ms');
    const [one, two, three] = [
      await cluster.add('one'),
      await cluster.add('two'),
      await cluster.add('three'),
    ];
    await expect.poll(() => sizesOf(three)).toEqual([5, 5, 6]);
    const ends = followEnds();
    ends.attach(three.url);

    // One is killed under load: the others take its partitions when its leases are over.
    let alive = [one, two, three];
    const first = startAll(keysOf('first'), () => alive);
    await ends.reach(EACH / 4);
    alive = [two, three];
    await one.kill('SIGKILL');
    const ids = [...(await first).values()];
    await ends.reach(EACH);
    await expect.poll(() => sharesOf(three)).toEqual({ two: 8, three: 8 });

    // One is stopped under load, and finds that the others have gone on without it.
    const second = startAll(keysOf('second'), () => alive);
    await ends.reach(EACH + EACH / 4);
    alive = [three];
    void two.kill('SIGSTOP');
    await expect.poll(() => sharesOf(three)).toEqual({ three: 16 });
    const four = await cluster.add('four');
    await expect.poll(() => sharesOf(three)).toEqual({ three: 8, four: 8 });
    void two.kill('SIGCONT');
    ids.push(...(await second).values());
    await ends.reach(2 * EACH);
    await expect.poll(() => two.log()).toContain('A partition was taken over.');

    // All of them share the work again; each takes commands, and tells of everything.
    alive = [two, three, four];
    await expect.poll(() => sizesOf(two)).toEqual([5, 5, 6]);
    ids.push(...(await startAll(keysOf('third'), () => alive)).values());
    await ends.reach(3 * EACH);
    for (const server of alive) {
      const own = followEnds();
      own.attach(server.url);
      await own.reach(3 * EACH);
      expect(own.ids).toEqual(ends.ids);
      expect(await activeOf(server, ends.position)).toBe(0);
      // Who is busy for longer than a lease loses the views for a moment.
      await expect.poll(async () => (await listNodes(server)).filter(({ folds }) => folds)).toHaveLength(1);
    }
    expect(ends.ids.toSorted()).toEqual(ids.toSorted());

    const log = await openEventStoreLog({ url: cluster.log });
    let interrupted = 0;
    const writers = new Set<string>();
    for (const id of ids) {
      const history = await log.read(`execution-${id}`);
      expect(verifyChain(`execution-${id}`, history)).toMatchObject({ ok: true });
      interrupted += history.filter(({ facts }) => facts['errorType'] === 'Interrupted').length;
      for (const { commit } of history) writers.add(commit.metadata.node);
    }
    await log.close();
    expect([...writers].toSorted()).toEqual(['four', 'one', 'three', 'two']);

    const made = (await readFile(cluster.calls, 'utf8')).trim().split('\n');
    expect(twice(made)).toEqual([]);
    expect(
      twice(made.filter((call) => call.includes(' third ')).map((call) => call.split(' ')[0] ?? '')),
    ).toEqual([]);
    console.log(
      `${ids.length} executions on four nodes, ${made.length} calls, ${interrupted} attempts interrupted.`,
    );
    for (const server of alive) expect(await server.kill('SIGTERM')).toBe(0);
  }, 180_000);

  it('hand over what they run when they stop, long before their leases end', async () => {
    const cluster = await startCluster('10m');
    const [one, two] = [await cluster.add('one'), await cluster.add('two')];
    await expect.poll(() => sharesOf(two)).toEqual({ one: 8, two: 8 });
    const ends = followEnds();
    ends.attach(two.url);
    expect(execFileSync(process.execPath, [CLI, 'nodes', '--url', one.url], { encoding: 'utf8' })).toMatch(
      /one \(asked\) +8: 0-7 .*\n +two +8: 8-15 /,
    );
    const starting = startAll(keysOf('handed-over'), () => [two]);
    await ends.reach(EACH / 4);
    expect(await one.kill('SIGTERM')).toBe(0);
    await starting;
    await ends.reach(EACH);
    expect(await listNodes(two)).toEqual([
      { name: 'two', self: true, partitions: Array.from({ length: 16 }, (_, n) => n), folds: true },
    ]);
    const made = (await readFile(cluster.calls, 'utf8')).trim().split('\n');
    expect(made.filter((call) => call.includes(' third '))).toHaveLength(EACH);
  });
});
