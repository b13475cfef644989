/** What nodes may be lost at: a commit is durable, an activity is called, documents or a checkpoint are stored. */
export const MOMENTS = ['commit', 'call', 'documents', 'checkpoint'] as const;

/** A moment at which a node may be lost. */
export type Moment = (typeof MOMENTS)[number];

/** Moments as they pass by. */
export interface Moments {
  /** A moment has come; whoever waits for it acts before anything else does. */
  pass(moment: Moment): void;
  /** Acts once, at the `n`th moment of its kind from now on, from 1. */
  at(moment: Moment, n: number, act: () => void): void;
  /** Nobody waits any more. */
  clear(): void;
}

/** Moments that nobody waits for yet. */
export const createMoments = (): Moments => {
  const waiting = new Set<{ readonly moment: Moment; left: number; readonly act: () => void }>();
  return {
    pass: (moment) => {
      for (const one of waiting) {
        if (one.moment !== moment || (one.left -= 1) > 0) continue;
        waiting.delete(one);
        one.act();
      }
    },
    at: (moment, n, act) => void waiting.add({ moment, left: n, act }),
    clear: () => waiting.clear(),
  };
};
