import { describe, expect, it } from 'vitest';
import { paceByView } from '../../src/engine/pace-by-view.ts';
import { START } from '../../src/ports/event-log.ts';
import { createWaiters } from '../../src/projections/waiters.ts';
import { handClock } from '../spec/clock.ts';

const BEHIND = 20;
const PATIENCE = 200;

/** Executions that begin by a view which is moved by hand. */
const open = () => {
  const clock = handClock();
  const waiters = createWaiters(clock);
  let position: bigint | undefined = START;
  const view = {
    get position() {
      return position;
    },
    reach: (wanted: bigint, timeout: number) =>
      waiters.wait(
        () => {
          if (position === undefined) throw new Error('The view has stopped.');
          return position >= wanted;
        },
        timeout,
        () => new Error('The view is late.'),
      ),
  };
  const pacing = paceByView({ view, clock, behind: BEHIND });
  const begun: string[] = [];
  return {
    clock,
    begun,
    append: pacing.appended,
    fold: (to: bigint | undefined) => {
      position = to;
      waiters.look();
    },
    begin: (name: string) => pacing.turn().then(() => void begun.push(name)),
  };
};

describe('an execution that is to begin', () => {
  it('does so at once while nothing was appended, or only a moment ago', async () => {
    const { clock, append, begin, begun } = open();
    await begin('first');
    append(3n);
    clock.advance(BEHIND - 1);
    await begin('second');
    expect(begun).toEqual(['first', 'second']);
  });

  it('waits for what was appended long enough ago, and for nothing behind it', async () => {
    const { clock, append, begin, begun, fold } = open();
    append(3n);
    clock.advance(1);
    append(5n);
    clock.advance(BEHIND - 1);
    const waiting = begin('third');
    fold(2n);
    expect(clock.due).not.toEqual([]);
    await Promise.resolve();
    expect(begun).toEqual([]);
    fold(3n);
    await waiting;
    expect(begun).toEqual(['third']);
    expect(clock.due).toEqual([]);
  });

  it('waits no longer than is bearable, and those after it not at all until the view moves', async () => {
    const { clock, append, begin, begun, fold } = open();
    append(3n);
    clock.advance(BEHIND);
    const waiting = begin('first');
    clock.advance(PATIENCE - 1);
    await Promise.resolve();
    expect(begun).toEqual([]);
    clock.advance(1);
    await waiting;
    append(6n);
    clock.advance(BEHIND);
    await begin('second');
    expect(begun).toEqual(['first', 'second']);

    fold(4n);
    const again = begin('third');
    await Promise.resolve();
    expect(clock.due).not.toEqual([]);
    fold(6n);
    await again;
    expect(begun).toEqual(['first', 'second', 'third']);
  });

  it('does not wait on for a view that stops', async () => {
    const { clock, append, begin, begun, fold } = open();
    append(3n);
    clock.advance(BEHIND);
    const waiting = begin('first');
    fold(undefined);
    await waiting;
    expect(begun).toEqual(['first']);
    expect(clock.due).toEqual([]);
  });

  it('does not wait for a view that does not go on', async () => {
    const { clock, append, begin, begun, fold } = open();
    append(3n);
    clock.advance(BEHIND);
    const inVain = begin('first');
    clock.advance(PATIENCE);
    await inVain;
    fold(undefined);
    append(5n);
    clock.advance(BEHIND);
    const waiting = begin('second');
    expect(clock.due).toEqual([]);
    await waiting;
    expect(begun).toEqual(['first', 'second']);
  });

  it('waits no longer for a view that does not answer at all', async () => {
    const clock = handClock();
    const view = { position: START, reach: () => new Promise<never>(() => undefined) };
    const pacing = paceByView({ view, clock, behind: BEHIND });
    pacing.appended(3n);
    clock.advance(BEHIND);
    const waiting = pacing.turn();
    clock.advance(PATIENCE);
    await expect(waiting).resolves.toBeUndefined();
  });

  it('waits for what was appended since the clock was set back', async () => {
    const { clock, append, begin, begun, fold } = open();
    append(3n);
    clock.advance(-3_600_000);
    append(4n);
    await begin('first');
    clock.advance(BEHIND);
    const waiting = begin('second');
    fold(3n);
    await Promise.resolve();
    expect(begun).toEqual(['first']);
    fold(4n);
    await waiting;
    expect(begun).toEqual(['first', 'second']);
  });
});
