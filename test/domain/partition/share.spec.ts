import { array, assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '../../../src/domain/partition/partition-of.ts';
import { shareOf } from '../../../src/domain/partition/share.ts';
import { systemIds } from '../../../src/adapters/system/ids.ts';

describe('the partition of an execution', () => {
  it('is the same for ever', () => {
    expect(partitionOf('0199a8f2-6f00-7000-8000-000000000001', 16)).toBe(5);
    expect(partitionOf('0199a8f2-6f00-7000-8000-000000000002', 16)).toBe(12);
  });

  it('is spread evenly over ids that follow each other', () => {
    const ids = systemIds();
    const counts = Array.from({ length: 16 }, () => 0);
    for (let n = 0; n < 16_000; n += 1) {
      const at = partitionOf(ids.next(), 16);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});

describe('a fair share', () => {
  it('is everything for a node alone', () => {
    expect(shareOf(16, 0, [])).toEqual({ claim: 16, release: false });
    expect(shareOf(16, 16, [])).toEqual({ claim: 0, release: false });
  });

  it('makes room for a node that joins, and leaves the room to it', () => {
    expect(shareOf(16, 16, [0])).toEqual({ claim: 0, release: true });
    expect(shareOf(16, 8, [4])).toEqual({ claim: 0, release: false });
    expect(shareOf(16, 4, [4, 4, 4, 0])).toEqual({ claim: 0, release: true });
  });

  it('is refused to none when there are more nodes than partitions', () => {
    expect(shareOf(2, 1, [1, 0])).toEqual({ claim: 0, release: false });
    expect(shareOf(2, 0, [1, 0])).toEqual({ claim: 1, release: false });
  });

  it('ends with whole shares, whoever held what before', () => {
    const nodes = array(nat({ max: 20 }), { minLength: 1, maxLength: 9 });
    assert(
      property(nodes, nat({ max: 20 }), (held, unclaimed) => {
        const count = held.reduce((sum, mine) => sum + mine, unclaimed);
        const now = [...held];
        let free = unclaimed;
        // One node after the other, as often as it takes to move everything once, and once more.
        for (let round = 0; round < 2 * count + 2; round += 1) {
          for (const [n, mine] of now.entries()) {
            const share = shareOf(
              count,
              mine,
              now.filter((_, other) => other !== n),
            );
            const more = Math.min(free, share.claim);
            now[n] = mine + more - (share.release ? 1 : 0);
            free += (share.release ? 1 : 0) - more;
          }
        }
        expect(free).toBe(0);
        expect(Math.max(...now) - Math.min(...now)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
