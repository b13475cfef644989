import { describe, expect, it } from 'vitest';
import type { Holder, LeaseEvent } from '../../../src/domain/partition/events.ts';
import {
  decideLease,
  evolveLease,
  UNCLAIMED,
  type Lease,
  type LeaseCommand,
} from '../../../src/domain/partition/lease.ts';

const ONE: Holder = { node: 'one', boot: 'b1' };
const TWO: Holder = { node: 'two', boot: 'b2' };
const LASTS = 1_000;

type Type = LeaseCommand['type'];

/** Facts of an event of partition 3 of 8. */
const of = ({ node, boot }: Holder, epoch: number) => ({ partition: '3', count: 8, node, boot, epoch });

const claimed = (by: Holder, epoch: number, until: number): LeaseEvent => ({
  type: 'partition.claimed',
  facts: { ...of(by, epoch), until },
});
const renewed = (by: Holder, epoch: number, until: number): LeaseEvent => ({
  type: 'partition.renewed',
  facts: { ...of(by, epoch), until },
});
const released = (by: Holder, epoch: number): LeaseEvent => ({
  type: 'partition.released',
  facts: of(by, epoch),
});

const given = (...events: readonly LeaseEvent[]) => {
  const lease = Object.freeze(events.reduce<Lease>(evolveLease, UNCLAIMED));
  return {
    lease,
    when: (type: Type, by: Holder, now: number) =>
      decideLease(lease, { type, partition: '3', count: 8, by, now, lasts: LASTS }),
  };
};

describe('a claim', () => {
  it('gives a partition that nobody had', () => {
    expect(given().when('claim', ONE, 100)).toEqual([claimed(ONE, 1, 1_100)]);
  });

  it('gives one that was let go, in the next epoch', () => {
    const before = given(claimed(ONE, 1, 1_100), released(ONE, 1));
    expect(before.when('claim', TWO, 200)).toEqual([claimed(TWO, 2, 1_200)]);
  });

  it('gives one whose lease is over, and not a millisecond before', () => {
    const before = given(claimed(ONE, 1, 1_100));
    expect(before.when('claim', TWO, 1_099)).toEqual([]);
    expect(before.when('claim', TWO, 1_100)).toEqual([claimed(TWO, 2, 2_100)]);
  });

  it('gives one of an earlier process of the same node at once, but never the other way about', () => {
    const again: Holder = { node: 'one', boot: 'b9' };
    expect(given(claimed(ONE, 1, 1_100)).when('claim', again, 101)).toEqual([claimed(again, 2, 1_101)]);
    expect(given(claimed(again, 2, 1_100)).when('claim', ONE, 102)).toEqual([]);
  });

  it('renews what is held already', () => {
    expect(given(claimed(ONE, 1, 1_100)).when('claim', ONE, 500)).toEqual([renewed(ONE, 1, 1_500)]);
  });
});

describe('a renewal', () => {
  it('makes the lease longer, in the same epoch', () => {
    const before = given(claimed(ONE, 4, 1_100), renewed(ONE, 4, 1_400));
    expect(before.when('renew', ONE, 800)).toEqual([renewed(ONE, 4, 1_800)]);
    expect(given(...before.when('renew', ONE, 800)).lease).toEqual({ holder: ONE, epoch: 4, until: 1_800 });
  });

  it('is given also when the lease is over, as long as nobody took it', () => {
    expect(given(claimed(ONE, 1, 1_100)).when('renew', ONE, 9_000)).toEqual([renewed(ONE, 1, 10_000)]);
  });

  it('is refused to who lost the lease, or never had it', () => {
    expect(given(claimed(ONE, 1, 1_100), claimed(TWO, 2, 2_100)).when('renew', ONE, 1_200)).toEqual([]);
    expect(given(claimed(ONE, 1, 1_100), released(ONE, 1)).when('renew', ONE, 1_200)).toEqual([]);
    expect(given().when('renew', ONE, 0)).toEqual([]);
  });
});

describe('a release', () => {
  it('leaves the partition to anybody', () => {
    const before = given(claimed(ONE, 2, 1_100));
    expect(before.when('release', ONE, 200)).toEqual([released(ONE, 2)]);
    expect(given(released(ONE, 2)).lease).toEqual({ holder: undefined, epoch: 2, until: 0 });
  });

  it('changes nothing of what is not held', () => {
    expect(given(claimed(TWO, 2, 1_100)).when('release', ONE, 200)).toEqual([]);
    expect(given(claimed(ONE, 1, 1_100), released(ONE, 1)).when('release', ONE, 200)).toEqual([]);
  });
});
