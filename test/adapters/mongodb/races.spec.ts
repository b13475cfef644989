import { expect, it, onTestFinished } from 'vitest';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import { onMongo, type Mongo } from '../../servers/mongodb/on-mongo.ts';
import { openReadModels } from './support.ts';

const KEYS = Array.from({ length: 30 }, (_, n) => `key-${n}`);
const WRITERS = 5;
const ROUNDS = 12n;

/** Which keys a writer writes: two thirds of all, others than the next writer's, in another order. */
const keysOf = (writer: number): readonly string[] => {
  const from = writer * 6;
  return [...KEYS.slice(from), ...KEYS.slice(0, from)].slice(0, 20);
};

const openWriters = async (mongo: Mongo): Promise<readonly ReadModels[]> => {
  const { url, drop } = await mongo.database();
  onTestFinished(drop);
  return Promise.all(Array.from({ length: WRITERS }, () => openReadModels(url, 10_000)));
};

/** All writers read, and then all write at once; answers who says that the key is theirs. */
const race = async (
  writers: readonly ReadModels[],
  position: bigint,
): Promise<ReadonlyMap<string, number[]>> => {
  const found = await Promise.all(writers.map((readModels) => readModels.load('race', KEYS)));
  const winners = new Map<string, number[]>(KEYS.map((key) => [key, []]));
  await Promise.all(
    writers.map(async (readModels, writer) => {
      const keys = keysOf(writer);
      const lost = await readModels.write(
        'race',
        keys.map((key) => ({ key, doc: { writer }, position, expected: found[writer]?.get(key)?.position })),
      );
      for (const key of keys) if (!lost.includes(key)) winners.get(key)?.push(writer);
    }),
  );
  return winners;
};

onMongo('races', (mongo) => {
  it('lets one of several guarded writes of a document win, and tells each writer which', async () => {
    const writers = await openWriters(mongo);
    await writers[0]?.prepare('race', [{ fields: ['writer'] }]);
    for (let position = 1n; position <= ROUNDS; position += 1n) {
      const winners = await race(writers, position);
      const stored = await writers[0]?.load('race', KEYS);
      for (const key of KEYS) expect(winners.get(key)).toEqual([stored?.get(key)?.doc['writer']]);
    }
  });

  it('tells who wrote what when some of a call is lost', async () => {
    const [ours, theirs] = await openWriters(mongo);
    if (ours === undefined || theirs === undefined) throw new Error('Expected two writers.');
    const write = (position: bigint, expected: bigint | undefined) => (key: string) => ({
      key,
      doc: { position: String(position) },
      position,
      expected,
    });
    await ours.prepare('race', []);
    await ours.write('race', KEYS.map(write(1n, undefined)));
    const half = KEYS.filter((_, n) => n % 2 === 0);
    expect(await theirs.write('race', half.map(write(2n, 1n)))).toEqual([]);

    // The position that they wrote, too: by that alone nobody could tell whose it is.
    expect(await ours.write('race', KEYS.map(write(2n, 1n)))).toEqual(half);
    expect(await ours.write('race', half.map(write(3n, 1n)))).toEqual(half);
  });

  it('can be prepared, dropped and have its checkpoint stored by all at once', async () => {
    const writers = await openWriters(mongo);
    const record = { name: 'race', version: 1, generation: 1, position: 7n };
    await Promise.all(writers.map((each) => each.saveProjection(record)));
    await Promise.all(writers.map((each) => each.prepare('race', [{ fields: ['a'] }, { fields: ['b'] }])));
    await Promise.all(writers.map((each) => each.drop('race')));
    expect(await writers[0]?.projections()).toEqual([record]);
    expect(await writers[0]?.find('race', { limit: 1 })).toEqual([]);
  });
});
