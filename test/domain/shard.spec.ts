import { describe, expect, it } from 'vitest';
import { isInShard, mayTellOf } from '../../src/domain/shard.ts';

const STREAMS = [
  ...Array.from({ length: 64 }, (_, n) => `execution-0190c0de-7${n.toString(16)}`),
  'execution-order 🚚',
  'execution-ü',
  'event-',
];

const shardOf = (stream: string, of: number): readonly number[] =>
  Array.from({ length: of }, (_, index) => index).filter((index) => isInShard(stream, { index, of }));

describe('shards', () => {
  it.each([1, 2, 3, 4])('of %i have each stream once', (of) => {
    for (const stream of STREAMS) expect(shardOf(stream, of)).toHaveLength(1);
  });

  it('have about as many executions each', () => {
    const inFirst = STREAMS.filter((stream) => isInShard(stream, { index: 0, of: 2 })).length;
    expect(inFirst).toBeGreaterThan(STREAMS.length / 3);
    expect(inFirst).toBeLessThan((STREAMS.length * 2) / 3);
  });

  it('go by a whole character, of whatever length', () => {
    expect(shardOf('execution-🚚', 1_000_000)).toEqual([0x1f69a]);
    expect(shardOf('execution-🚚a', 1_000_000)).toEqual([0x61]);
  });

  it('are of executions, of which other streams may tell in any of them', () => {
    const shard = { index: 0, of: 1_000_000 };
    expect(mayTellOf(shard, 'execution-a')).toBe(false);
    expect(mayTellOf({ ...shard, index: 0x61 }, 'execution-a')).toBe(true);
    expect(mayTellOf(shard, 'breaker-a')).toBe(true);
    expect(mayTellOf(shard, 'executions-a')).toBe(true);
  });
});
