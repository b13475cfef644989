import type { Json } from '../../json.ts';
import type { Step } from '../../definition/definition.ts';
import type { Spot } from '../spot.ts';
import { stepOf, type BlockState } from '../state.ts';
import type { Turn } from '../turn.ts';

/** Branches that run side by side. */
export interface Many {
  /** The key of the nth branch, in the order in which they begin; `undefined` when there are no more. */
  readonly keys: (n: number) => string | undefined;
  /** How many have to complete. */
  readonly needed: number;
  /** How many are under way at most. */
  readonly concurrency: number;
}

/** The branches of a block whose branches do not follow one another. */
export const manyOf = (turn: Turn, { step, path }: Spot, { items, chosen }: BlockState): Many => {
  switch (step.kind) {
    case 'parallel':
      return { keys: (n) => step.branches[n]?.key, needed: step.join, concurrency: Infinity };
    case 'foreach': {
      const { turns = 0 } = stepOf(turn.state, path) ?? {};
      const keys = (n: number) => (n < items.length ? String(turns + n) : undefined);
      return { keys, needed: items.length, concurrency: step.concurrency };
    }
    default:
      return { keys: (n) => chosen[n], needed: chosen.length, concurrency: Infinity };
  }
};

/** What a block gives when it is over. */
export const collectedBy = (step: Step, { collected }: BlockState): Json =>
  step.kind === 'foreach' && step.collect !== undefined ? collected.flat() : null;
