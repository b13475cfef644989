import { describe, expect, it, onTestFinished } from 'vitest';
import { createSettledEvents } from '../../../src/commands/settled-events.ts';
import { createEmissionMark } from '../../../src/engine/emissions/emission-mark.ts';
import { keepMark } from '../../../src/engine/emissions/keep-mark.ts';
import { temporaryReadModels } from '../../adapters/sqlite/temporary-read-models.ts';
import { keepingLogger } from '../../graphql/keeping-logger.ts';
import { handClock } from '../../spec/clock.ts';

const FAR = 1_000_000n;

const open = async () => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  return { readModels, mark: createEmissionMark(readModels) };
};

describe('how far accepted events are settled', () => {
  it('is kept, never goes back, and is no view', async () => {
    const { readModels, mark } = await open();
    expect(await mark.read(FAR)).toBe(0n);
    await mark.save(7n);
    await mark.save(5n);
    expect(await mark.read(FAR)).toBe(7n);
    const other = createEmissionMark(readModels);
    await other.save(9n);
    await mark.save(8n);
    expect(await mark.read(FAR)).toBe(9n);
    expect(await readModels.projections()).toEqual([]);
  });

  it('begins anew where the log ends before it, also once the log is longer', async () => {
    const { mark } = await open();
    await mark.save(100n);
    expect(await mark.read(99n)).toBe(0n);
    expect(await mark.read(FAR)).toBe(0n);
    await mark.save(3n);
    expect(await mark.read(FAR)).toBe(3n);
  });
});

describe('keeping it', () => {
  const keeping = async () => {
    const saved: bigint[] = [];
    let position: bigint | undefined = 1n;
    let away = false;
    const second = Promise.withResolvers<void>();
    const save = async (at: bigint): Promise<void> => {
      if (away) throw new Error('The views are away.');
      saved.push(at);
      if (saved.length === 2) second.resolve();
    };
    const clock = handClock();
    const mark = { read: async () => 0n, save };
    const keeper = keepMark({ mark, clock, logger: keepingLogger(), position: () => position });
    const go = (to: bigint | undefined) => {
      position = to;
      keeper.moved();
    };
    return { saved, clock, keeper, go, cut: (is: boolean) => (away = is) };
  };

  it('stores it once a second, and at the end', async () => {
    const { saved, clock, keeper, go } = await keeping();
    go(2n);
    go(3n);
    clock.advance(999);
    expect(saved).toEqual([]);
    clock.advance(1);
    expect(saved).toEqual([3n]);
    go(4n);
    await keeper.close();
    expect([saved, clock.due]).toEqual([[3n, 4n], []]);
  });

  it('stores it sooner when it has moved a thousand times, and not while it is not known', async () => {
    const { saved, clock, keeper, go } = await keeping();
    for (let times = 0; times < 999; times += 1) go(undefined);
    expect(saved).toEqual([]);
    go(5n);
    expect([saved, clock.due]).toEqual([[5n], []]);
    await keeper.close();
    expect(saved).toEqual([5n]);
  });

  it('stores it later when the views are away', async () => {
    const { saved, keeper, go, cut } = await keeping();
    cut(true);
    go(2n);
    await keeper.close();
    cut(false);
    expect(saved).toEqual([]);
  });
});

describe('what a process knows of the events that it accepts', () => {
  it('is settled up to the oldest that has not started everything', () => {
    let told = 0;
    const settled = createSettledEvents(() => (told += 1));
    settled.reach(4n);
    const first = settled.open();
    settled.reach(6n);
    const second = settled.open();
    settled.reach(5n);
    second();
    expect([settled.position, told]).toEqual([4n, 1]);
    settled.open(2n);
    first();
    first();
    expect([settled.position, told]).toEqual([2n, 2]);
  });
});
