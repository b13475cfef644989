/** What nodes may be lost at: a commit, or an event that starts something or tells somebody, is durable, an activity is called, documents or a checkpoint are stored. */
export const MOMENTS = ['commit', 'emission', 'notice', 'call', 'documents', 'checkpoint'] as const;

/** What one of several nodes may be lost at: that its lease is in the log, too. */
export const MOMENTS_OF_MANY = [...MOMENTS, 'commit', 'lease'] as const;

/** A moment at which a node may be lost. `removal`: something of removing executions, or of giving up their streams, is durable. */
export type Moment = (typeof MOMENTS_OF_MANY)[number] | 'removal';

/** Moments as they pass by. */
export interface Moments {
  /** A moment has come, of a node; whoever waits for it acts before anything else does. */
  pass(moment: Moment, node?: string): void;
  /** Acts once, at the `n`th moment of its kind from now on, from 1. */
  at(moment: Moment, n: number, act: (node?: string) => void): void;
  /** Nobody waits any more. */
  clear(): void;
}

/** Moments that nobody waits for yet. */
export const createMoments = (): Moments => {
  const waiting = new Set<{ readonly moment: Moment; left: number; readonly act: (node?: string) => void }>();
  return {
    pass: (moment, node) => {
      for (const one of waiting) {
        if (one.moment !== moment || (one.left -= 1) > 0) continue;
        waiting.delete(one);
        one.act(node);
      }
    },
    at: (moment, n, act) => void waiting.add({ moment, left: n, act }),
    clear: () => waiting.clear(),
  };
};
