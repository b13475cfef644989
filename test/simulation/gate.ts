import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from './random.ts';

/** What a process hears: that a time has come, or something from outside. */
export type Heard = 'time' | 'news';

/** What keeps everything from a process while it is frozen, as by SIGSTOP. */
export interface Gate {
  readonly isFrozen: boolean;
  /** Does the work at once, or when the process goes on. */
  pass(heard: Heard, work: () => void): void;
  /** Resolves at once, or when the process goes on. */
  open(): Promise<void>;
  freeze(): void;
  /** Everything that was kept comes now, one after the other: times first, or news. Nothing happens unless it was frozen. */
  thaw(): void;
}

/** A gate that is open. `clock`: the frozen process' own, whose calls nobody keeps. */
export const createGate = (clock: Clock, random: Random): Gate => {
  let isFrozen = false;
  let kept: { readonly heard: Heard; readonly work: () => void }[] = [];
  const pass: Gate['pass'] = (heard, work) => {
    if (isFrozen) kept.push({ heard, work });
    else work();
  };
  return {
    get isFrozen() {
      return isFrozen;
    },
    pass,
    open: () => new Promise((resolve) => pass('news', resolve)),
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      if (!isFrozen) return;
      isFrozen = false;
      const first = random.pick<Heard>(['time', 'news']);
      const inTurn = [
        ...kept.filter(({ heard }) => heard === first),
        ...kept.filter(({ heard }) => heard !== first),
      ];
      kept = [];
      // Each in a turn of its own, so that what one begins is done before the next one comes; it may be frozen again.
      for (const { heard, work } of inTurn) clock.after(0, () => pass(heard, work));
    },
  };
};
