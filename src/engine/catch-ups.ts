import { createPool } from './pool.ts';

/** An execution that others have written to, whose stream ends at `revision` or later. Rejects as the catching up does. */
export type FollowExecution = (id: string, revision: number) => Promise<void>;

/**
 * Catches up with what others write: at most `most` executions at a time, and one that waits for its turn once,
 * however often it was written to meanwhile. One that is not `wanted` any more when its turn comes is left.
 */
export const createCatchUps = (
  most: number,
  wanted: (id: string) => boolean,
  catchUp: FollowExecution,
): FollowExecution => {
  const pool = createPool(most);
  const waiting = new Map<string, number>();
  return async (id, revision) => {
    const known = waiting.get(id);
    waiting.set(id, Math.max(revision, known ?? revision));
    if (known !== undefined) return;

    await pool(async () => {
      const latest = waiting.get(id) ?? revision;
      waiting.delete(id);
      if (wanted(id)) await catchUp(id, latest);
    });
  };
};
